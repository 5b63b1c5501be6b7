//go:build !race

package service_test

// manyContacts is the size of the large bulk edit.
const manyContacts = 1000
