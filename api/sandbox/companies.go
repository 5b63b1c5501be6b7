package sandbox

import (
	"strconv"
	"strings"
)

// Companies take turns: a window of the list has the people of sixteen of them, one of each in every
// sixteen rows, so that colleagues are near each other but never adjacent, and are found by arithmetic.
const (
	turn    = 16
	staff   = 6 // connected contacts of a company
	window  = turn * staff
	houseID = 1000 // id of the first company
)

// company is the employer of some seeded contacts. The API never shows it by name.
type company struct {
	number int
	trade  *trade
	place  *place
	street *street
	house  int
	suite  int    // 0 is none, negative a floor
	domain string // of a company written by hand; others are made by mailDomain
	style  int    // how its e-mail addresses are formed
	lead   int    // which of its people is the primary contact
}

// The ways companies form the first half of an e-mail address: schen, sarah.chen, s.chen.
const (
	styleJoined = iota
	styleFull
	styleInitial
	styles
)

// companyNumber is the company of row i. From the third round on, companies take their turns in
// another order each time; the first two rounds are written by hand.
func companyNumber(i int) int {
	return i/window*turn + (i%turn+shift(i%window/turn))%turn
}

// companyRow is the row of a company's mth contact.
func companyRow(number, m int) int {
	return number/turn*window + m*turn + (number%turn+turn-shift(m))%turn
}

func shift(m int) int { return max(0, m-1) * 5 % turn }

func companyID(i int) int64 { return houseID + int64(companyNumber(i)) }

// employees are the rows of a company.
func (g *generator) employees(company int64) []int {
	if company < houseID || company-houseID > int64(g.rows) {
		return nil
	}
	var rows []int
	for m := range staff {
		if i := companyRow(int(company-houseID), m); i < g.rows {
			rows = append(rows, i)
		}
	}
	return rows
}

func (g *generator) company(n int) company {
	d := g.randomAt(forCompany, uint64(n))
	c := company{number: n, trade: *g.words.trades.draw(&d), style: d.below(styles), lead: d.below(staff)}
	c.place = g.words.places.draw(&d)
	c.street, c.house = c.place.address(&d)
	switch d.below(5) {
	case 0:
		c.suite = -2 - d.below(38)
	case 1, 2, 3:
		c.suite = 100*(1+d.below(40)) + 10*d.below(6)
	}
	if n < turn { // the companies of the rows written by hand
		f := g.words.first[n]
		c.trade, c.lead, c.place = f.trade, -1, f.place
		c.domain, c.style = mailHabit(f.text[textEmail].value)
	}
	return c
}

// mailDomain is the domain of a company, as a name and an ending, and what tells its addresses from
// those of companies that had the same domain before; in a book of thousands they run out.
func (g *generator) mailDomain(c company) (brand, ending, tag string) {
	if c.domain != "" {
		return c.domain, "", ""
	}
	brands, endings := len(g.words.brands), len(c.trade.endings)
	if cycle := c.number / (brands * endings); cycle > 0 {
		tag = strconv.Itoa(cycle)
	}
	brand = g.words.brands[(c.number*37+int(g.seed%uint64(brands)))%brands]
	return brand, c.trade.endings[c.number/brands%endings] + ".com", tag
}

// mailHabit reads the domain of an address and how its first half is formed.
func mailHabit(email string) (domain string, style int) {
	local, domain, _ := strings.Cut(email, "@")
	switch strings.IndexByte(local, '.') {
	case -1:
		return domain, styleJoined
	case 1:
		return domain, styleInitial
	}
	return domain, styleFull
}
