package search

import "github.com/levcontacts/levcontacts/model"

// Identity is what may tell who a contact is, in forms that compare with ==,
// "" for what the contact does not have.
type Identity struct {
	Email   string   // folded
	Profile string   // of LinkedIn, however its address is written
	Phones  []string // their last ten digits
}

// IdentityOf reads the identity of a contact.
func IdentityOf(c model.Contact) Identity {
	p := personOfContact(c)
	return Identity{p.email, p.profile, p.phones}
}
