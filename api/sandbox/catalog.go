package sandbox

import (
	"embed"
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The words the data is made of: given and family names that belong together, places with
// streets and their ZIP codes, kinds of company with their titles, and the first contacts
// of the list, written by hand.
//
//go:embed data
var dataFiles embed.FS

// weighted is a list from which some entries are drawn more often than others.
type weighted[T any] struct {
	items []T
	upTo  []int // running sum of the weights
}

func (w *weighted[T]) add(item T, weight int) {
	sum := weight
	if n := len(w.upTo); n > 0 {
		sum += w.upTo[n-1]
	}
	w.items = append(w.items, item)
	w.upTo = append(w.upTo, sum)
}

func (w *weighted[T]) draw(d *randomAt) *T {
	n := d.below(w.upTo[len(w.upTo)-1])
	i := 0
	for w.upTo[i] <= n {
		i++
	}
	return &w.items[i]
}

// name is a name and how it is written in an e-mail address.
type name struct{ text, plain string }

type names struct{ given, family []name }

type street struct {
	name, zip string
	low, high int // house numbers
}

type place struct {
	city, state, area string
	streets           []street
}

// address draws a street and a house of it.
func (p *place) address(d *randomAt) (*street, int) {
	s := &p.streets[d.below(len(p.streets))]
	return s, s.low + d.below(s.high-s.low+1)
}

type role struct{ title, department string }

// trade is a kind of company: what its contacts are and how its domain ends.
type trade struct {
	kind, contactType string
	endings           []string
	roles             weighted[role]
}

// firstRow is a contact written by hand.
type firstRow struct {
	trade   *trade
	place   *place
	text    [textCount]text
	primary bool
}

type catalog struct {
	names  weighted[names]
	places weighted[place]
	trades weighted[*trade]
	kinds  map[string]*trade
	brands []string
	first  []firstRow
	latin  *strings.Replacer // accented letters to plain ones
}

// newCatalog reads the embedded words.
func newCatalog() (*catalog, error) {
	c := &catalog{kinds: map[string]*trade{}, latin: latinLetters()}
	for _, step := range []struct {
		file string
		row  func(row) error
	}{
		{"names.csv", c.addNames},
		{"places.csv", c.addPlace},
		{"companies.csv", c.addTrade},
		{"roles.csv", c.addRole},
		{"brands.csv", c.addBrand},
		{"first.csv", c.addFirst},
	} {
		if err := eachRow(step.file, step.row); err != nil {
			return nil, fmt.Errorf("sandbox: %s: %w", step.file, err)
		}
	}
	return c, nil
}

// row is one line of a data file, by column name.
type row map[string]string

func (r row) weight() (int, error) { return strconv.Atoi(r["weight"]) }

func eachRow(file string, do func(row) error) error {
	f, err := dataFiles.Open(path.Join("data", file))
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	head := lines[0]
	for i, line := range lines[1:] {
		r := row{}
		for j, v := range line {
			r[head[j]] = v
		}
		if err := do(r); err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
	}
	return nil
}

func (c *catalog) addNames(r row) error {
	w, err := r.weight()
	c.names.add(names{given: c.splitNames(r["given"]), family: c.splitNames(r["family"])}, w)
	return err
}

func (c *catalog) splitNames(list string) []name {
	var out []name
	for n := range strings.SplitSeq(list, "|") {
		out = append(out, name{text: n, plain: c.plain(n)})
	}
	return out
}

// plain writes a name with the letters a to z only.
func (c *catalog) plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, c.latin.Replace(strings.ToLower(s)))
}

func latinLetters() *strings.Replacer {
	return strings.NewReplacer(
		"á", "a", "ã", "a", "ä", "a", "å", "a", "ç", "c", "č", "c", "ć", "c", "é", "e", "è", "e", "ê", "e", "ë", "e",
		"í", "i", "ï", "i", "ñ", "n", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "ř", "r", "š", "s", "ś", "s",
		"ú", "u", "ü", "u", "ý", "y", "ž", "z",
	)
}

func (c *catalog) addPlace(r row) error {
	p := place{city: r["city"], state: r["state"], area: r["area"]}
	for s := range strings.SplitSeq(r["streets"], "|") {
		part := strings.Split(s, ";")
		if len(part) != 4 {
			return fmt.Errorf("street %q, want name;zip;low;high", s)
		}
		low, err := strconv.Atoi(part[2])
		if err != nil {
			return err
		}
		high, err := strconv.Atoi(part[3])
		if err != nil {
			return err
		}
		p.streets = append(p.streets, street{name: part[0], zip: part[1], low: low, high: high})
	}
	w, err := r.weight()
	c.places.add(p, w)
	return err
}

func (c *catalog) addTrade(r row) error {
	t := &trade{kind: r["kind"], contactType: r["type"], endings: strings.Split(r["endings"], "|")}
	c.kinds[t.kind] = t
	w, err := r.weight()
	c.trades.add(t, w)
	return err
}

func (c *catalog) addRole(r row) error {
	t, ok := c.kinds[r["kind"]]
	if !ok {
		return fmt.Errorf("no kind of company is called %q", r["kind"])
	}
	w, err := r.weight()
	t.roles.add(role{title: r["title"], department: r["department"]}, w)
	return err
}

func (c *catalog) addBrand(r row) error {
	c.brands = append(c.brands, r["brand"])
	return nil
}

func (c *catalog) addFirst(r row) error {
	t, ok := c.kinds[r["kind"]]
	if !ok {
		return fmt.Errorf("no kind of company is called %q", r["kind"])
	}
	at := slices.IndexFunc(c.places.items, func(p place) bool { return p.city == r["city"] })
	if at < 0 {
		return fmt.Errorf("no place is called %q", r["city"])
	}
	f := firstRow{trade: t, place: &c.places.items[at], primary: r["primary"] == "yes"}
	for _, known := range allFields() {
		if v := r[known.name]; known.kind == kindText && v != "" {
			f.text[known.text] = some(v)
		}
	}
	f.text[textType] = some(t.contactType)
	for _, at := range []textAt{textCreated, textUpdated} {
		if _, err := time.Parse(time.RFC3339, f.text[at].value); err != nil {
			return err
		}
	}
	c.first = append(c.first, f)
	return nil
}
