// Command generate writes the metadata of package numbers, from the release of
// Google's libphonenumber that github.com/nyaruka/phonenumbers holds. Run it with
// go generate in the package's folder.
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

const head = `# Phone numbers of all regions, for package numbers. Made by go generate; do not edit.
# Source: the metadata of Google's libphonenumber, https://github.com/google/libphonenumber,
# Apache License 2.0 (the file LICENSE beside this one), by way of github.com/nyaruka/phonenumbers.
# One line a region; the first of a calling code is its main region. Fields, between tabs:
# calling code, region, leading digits that tell the region, international prefix, national prefix,
# what stands in its place, lengths, lengths without the area code, pattern of all numbers,
# kinds of numbers ("lengths pattern"), formats ("pattern leading-digits written"). Lists are between semicolons.
`

func main() {
	text, err := metadata()
	if err == nil {
		err = os.WriteFile("metadata.txt", text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func metadata() ([]byte, error) {
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, err
	}
	regions := all.GetMetadata()
	// The main region of a code comes first, the others as the library looks at them.
	slices.SortStableFunc(regions, func(a, b *phonenumbers.PhoneMetadata) int {
		return cmp.Or(cmp.Compare(a.GetCountryCode(), b.GetCountryCode()), cmp.Compare(rank(a), rank(b)))
	})
	out := bytes.NewBufferString(head)
	for _, m := range regions {
		fields := []string{
			strconv.Itoa(int(m.GetCountryCode())), m.GetId(), m.GetLeadingDigits(), m.GetInternationalPrefix(),
			m.GetNationalPrefixForParsing(), m.GetNationalPrefixTransformRule(),
			lengths(m.GetGeneralDesc().GetPossibleLength()), lengths(m.GetGeneralDesc().GetPossibleLengthLocalOnly()),
			m.GetGeneralDesc().GetNationalNumberPattern(), kinds(m), formats(m),
		}
		for i, field := range fields {
			if strings.ContainsAny(field, "\t\n") || i < 9 && strings.ContainsAny(field, " ;") {
				return nil, fmt.Errorf("region %s: field %d holds a separator: %q", m.GetId(), i, field)
			}
		}
		out.WriteString(strings.Join(fields, "\t") + "\n")
	}
	return out.Bytes(), nil
}

func rank(m *phonenumbers.PhoneMetadata) int {
	return slices.Index(phonenumbers.GetRegionCodesForCountryCode(int(m.GetCountryCode())), m.GetId())
}

func lengths(list []int32) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(int(n)))
	}
	return strings.Join(out, ",")
}

// kinds are the patterns of all kinds of numbers, merged where their lengths are
// the same: nothing asks what kind a number is.
func kinds(m *phonenumbers.PhoneMetadata) string {
	var order []string
	patterns := make(map[string][]string)
	for _, d := range []*phonenumbers.PhoneNumberDesc{
		m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(), m.GetVoip(),
		m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail(),
	} {
		pattern, digits := d.GetNationalNumberPattern(), lengths(d.GetPossibleLength())
		if pattern == "" || pattern == "NA" || digits == "-1" {
			continue
		}
		if patterns[digits] == nil {
			order = append(order, digits)
		}
		if !slices.Contains(patterns[digits], pattern) {
			patterns[digits] = append(patterns[digits], pattern)
		}
	}
	for i, digits := range order {
		order[i] = digits + " " + strings.Join(patterns[digits], "|")
	}
	return strings.Join(order, ";")
}

// formats are those for numbers that are written for abroad; only the main
// region of a code has them.
func formats(m *phonenumbers.PhoneMetadata) string {
	list := m.GetIntlNumberFormat()
	if len(list) == 0 {
		list = m.GetNumberFormat()
	}
	if rank(m) > 0 {
		list = nil
	}
	var out []string
	for _, f := range list {
		leading := ""
		if all := f.GetLeadingDigitsPattern(); len(all) > 0 {
			leading = all[len(all)-1] // the most exact
		}
		out = append(out, f.GetPattern()+" "+leading+" "+f.GetFormat())
	}
	return strings.Join(out, ";")
}
