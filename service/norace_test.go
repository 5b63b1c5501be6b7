//go:build !race

package service_test

// manyContacts is the size of the long bulk edit.
const manyContacts = 400
