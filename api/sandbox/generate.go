package sandbox

import (
	"math/bits"
	"math/rand/v2"
	"strconv"
	"time"
)

// The seeded contacts are a function of the seed and an index; nothing is stored of them.
//
// Row i of the default list has the id firstID + stride·i and a little more, so that ids look
// like a database's and id and index can be turned into each other without a table. One row in
// disconnectedEvery has a contact beside it that is not connected, with an id in the gap before the next row.
const (
	firstID            = 78
	stride             = 64
	disconnectedOffset = 40
	disconnectedEvery  = 12
	disconnectedPhase  = 7
)

// seedID is the id of row i of the default list.
func seedID(i int) int64 {
	id := int64(firstID) + stride*int64(i)
	if i < 2 { // the two people of the contacts page keep their documented ids, 78 and 142
		return id
	}
	return id + int64(uint32(i)*2654435761>>27)
}

// disconnectedID is the id of the contact beside row i that is not connected.
func disconnectedID(i int) int64 {
	return int64(firstID) + stride*int64(i) + disconnectedOffset + int64(uint32(i)*2246822519>>28)
}

func hasDisconnected(i int) bool { return i%disconnectedEvery == disconnectedPhase }

// disconnectedCount is how many contacts are not connected beside n rows.
func disconnectedCount(n int) int {
	return (n + disconnectedEvery - 1 - disconnectedPhase) / disconnectedEvery
}

// generator makes seeded contacts.
type generator struct {
	words *catalog
	seed  uint64
	rows  int
}

// index finds the row of a seeded id and whether it is the one beside the row.
func (g *generator) index(id int64) (i int, disconnected, ok bool) {
	if id < firstID {
		return 0, false, false
	}
	i = int((id - firstID) / stride)
	switch {
	case i >= g.rows:
		return 0, false, false
	case id == seedID(i):
		return i, false, true
	case hasDisconnected(i) && id == disconnectedID(i):
		return i, true, true
	}
	return 0, false, false
}

// randomAt draws numbers that depend on the seed, a purpose and an index only.
type randomAt struct{ rand.PCG }

func (g *generator) randomAt(purpose, index uint64) randomAt {
	var d randomAt
	d.Seed(g.seed^purpose*0x9e3779b97f4a7c15, index)
	return d
}

// What a run of dice is for.
const (
	forCompany uint64 = iota + 1
	userText
	forContact
	forType
	forName
	forWork
	forTimes
	forPhones
	forNotes
)

// below draws 0 to n-1.
func (d *randomAt) below(n int) int {
	hi, _ := bits.Mul64(d.Uint64(), uint64(n))
	return int(hi)
}

// in1000 is true k times in a thousand.
func (d *randomAt) in1000(k int) bool { return d.below(1000) < k }

// parts are the groups of fields of a contact that can be made apart from each other.
type parts uint8

const (
	partType parts = 1 << iota
	partName
	partWork
	partTimes
	partPhones
	partsAll = partType | partName | partWork | partTimes | partPhones
)

// part is what has to be made to know a field.
func (f field) part() parts {
	switch {
	case f.kind == kindTypes || f.kind == kindText && f.text == textType:
		return partType
	case f.kind == kindPhones:
		return partPhones
	case f.kind != kindText:
		return 0
	}
	switch f.text {
	case textFirst, textLast, textEmail, textLinkedIn, textPhoto:
		return partName
	case textCreated, textUpdated:
		return partTimes
	}
	return partWork
}

// contact makes row i of the default list, or the contact beside it that is not connected: at least
// the wanted parts of it.
func (g *generator) contact(i int, disconnected bool, want parts) *record {
	if !disconnected && i < len(g.words.first) {
		return g.handWritten(i)
	}
	key := uint64(2 * i)
	member := i % window / turn
	r := &record{id: seedID(i), connected: true}
	if disconnected {
		key++
		member = staff
		r.id, r.connected = disconnectedID(i), false
	}
	c := g.company(companyNumber(i))
	d := g.randomAt(forContact, key)
	r.company = companyID(i)
	r.primary = member == c.lead
	r.owner = defaultOwner
	if d.in1000(10) {
		r.owner = 0
	}
	if want&partType != 0 {
		g.fillType(r, g.randomAt(forType, key), c.trade)
	}
	if want&partName != 0 {
		g.fillName(r, g.randomAt(forName, key), c, i, key)
	}
	if want&partWork != 0 {
		g.fillWork(r, g.randomAt(forWork, key), c)
	}
	if want&partTimes != 0 {
		g.fillTimes(r, g.randomAt(forTimes, key))
	}
	if want&partPhones != 0 {
		r.phones = g.phones(r.id, c.place.area)
	}
	return r
}

func (g *generator) handWritten(i int) *record {
	f := g.words.first[i]
	return &record{
		id: seedID(i), text: f.text, types: []string{f.text[textType].value}, primary: f.primary,
		connected: true, owner: defaultOwner, company: companyID(i), phones: g.phones(seedID(i), f.place.area),
	}
}

// userName draws a name. A few people are in the book twice, as in any book.
func (g *generator) userName(i int, key uint64, d *randomAt) (given, family name) {
	if m := i % window / turn; d.in1000(4) && m > 0 && key%2 == 0 {
		if duplicateOf := companyRow(companyNumber(i), m-1); duplicateOf >= len(g.words.first) {
			key = uint64(2 * duplicateOf)
		}
	}
	p := g.randomAt(userText, key)
	n := g.words.names.draw(&p)
	return n.given[p.below(len(n.given))], n.family[p.below(len(n.family))]
}

func (g *generator) fillType(r *record, d randomAt, t *trade) {
	switch n := d.below(1000); {
	case n < 5: // no one said
	case n < 25: // both sides of the table
		r.types = []string{typeLender, typeSponsor}
		r.text[textType] = some(typeLender)
	default:
		r.types = []string{t.contactType}
		r.text[textType] = some(t.contactType)
	}
}

func (g *generator) fillName(r *record, d randomAt, c company, i int, key uint64) {
	given, family := g.userName(i, key, &d)
	r.text[textFirst], r.text[textLast] = some(given.text), some(family.text)
	if d.in1000(3) {
		r.text[textFirst] = text{}
	}
	if !d.in1000(35) {
		brand, ending, tag := g.mailDomain(c)
		first := given.plain[:1]
		switch c.style {
		case styleFull:
			first = given.plain + "."
		case styleInitial:
			first += "."
		}
		r.text[textEmail] = some(first + family.plain + tag + "@" + brand + ending)
	}
	const profile = "https://linkedin.com/in/"
	switch n := d.below(100); {
	case n < 22:
	case n < 50:
		r.text[textLinkedIn] = some(profile + given.plain + "-" + family.plain + "-cre")
	case n < 65:
		r.text[textLinkedIn] = some(profile + given.plain + "-" + family.plain)
	default:
		tail := strconv.FormatUint(1<<23|d.Uint64()>>41, 16)
		r.text[textLinkedIn] = some(profile + given.plain + "-" + family.plain + "-" + tail)
	}
	if d.in1000(120) {
		r.text[textPhoto] = some("https://images.example.com/contacts/" + strconv.FormatInt(r.id, 10) + ".jpg")
	}
}

func (g *generator) fillWork(r *record, d randomAt, c company) {
	job := c.trade.roles.draw(&d)
	if !d.in1000(18) {
		r.text[textTitle] = some(job.title)
	}
	if !d.in1000(90) {
		r.text[textDepartment] = some(job.department)
	}
	if c.number < turn {
		f := g.words.first[c.number]
		for at := textAddress; at <= textZip; at++ {
			r.text[at] = f.text[at]
		}
		return
	}
	where, st, house, suite := c.place, c.street, c.house, c.suite
	if d.in1000(160) { // works from another office
		where = g.words.places.draw(&d)
		st, house = where.address(&d)
		suite = 0
	}
	known := d.below(1000)
	if known < 8 {
		return
	}
	r.text[textCity], r.text[textState] = some(where.city), some(where.state)
	if known < 45 {
		return
	}
	r.text[textAddress], r.text[textZip] = some(strconv.Itoa(house)+" "+st.name), some(st.zip)
	switch {
	case suite > 0:
		r.text[textAddress2] = some("Suite " + strconv.Itoa(suite))
	case suite < 0:
		r.text[textAddress2] = some("Floor " + strconv.Itoa(-suite))
	}
}

// The data ends when the contacts page was written, whatever day it is, so that pictures of it stay the same.
const (
	epoch     = 1774020645 // 2026-03-20T15:30:45Z
	day       = 24 * 60 * 60
	oldestAge = 800 * day
)

func (g *generator) fillTimes(r *record, d randomAt) {
	created := workTime(&d, epoch-int64(2*day+d.below(oldestAge-2*day)))
	updated := created
	if !d.in1000(180) {
		// Two draws, the smaller counts: most people were touched lately.
		age := min(d.below(int(epoch-created)), d.below(int(epoch-created)))
		updated = max(created, workTime(&d, epoch-int64(age)-day))
	}
	r.text[textCreated], r.text[textUpdated] = some(stamp(created)), some(stamp(updated))
}

// workTime moves a time to a working day and to the hours of an American office.
func workTime(d *randomAt, t int64) int64 {
	days := t / day
	switch (days + 4) % 7 { // day 0 was a Thursday, 0 is Sunday
	case 0:
		days -= 2
	case 6:
		days--
	}
	return days*day + 13*60*60 + int64(d.below(10*60*60))
}

func stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }
