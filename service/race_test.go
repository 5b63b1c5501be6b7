//go:build race

package service_test

// manyContacts is fewer here: the race detector makes the database slow.
const manyContacts = 300
