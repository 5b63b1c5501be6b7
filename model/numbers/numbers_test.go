package numbers_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/levcontacts/levcontacts/model/numbers"
)

// answer is what is asked about a number.
type answer struct {
	e164, international string
	possible, valid     bool
}

func ours(text, country string) answer {
	n, ok := numbers.Parse(text, country)
	if !ok {
		return answer{}
	}
	return answer{n.E164(), n.International(), n.Possible(), n.Valid()}
}

// oracle asks the library that the metadata is from.
func oracle(text, country string) answer {
	n, err := phonenumbers.Parse(text, country)
	if err != nil {
		return answer{}
	}
	n.Extension = nil
	return answer{phonenumbers.Format(n, phonenumbers.E164), phonenumbers.Format(n, phonenumbers.INTERNATIONAL),
		phonenumbers.IsPossibleNumber(n), phonenumbers.IsValidNumber(n)}
}

// spellings are the ways to write a number, with the country it is written in.
func spellings(n *phonenumbers.PhoneNumber, region string) [][2]string {
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	international := phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
	out := [][2]string{
		{e164, ""}, {e164, region}, {international, "US"},
		{"00" + e164[1:], "GB"}, {"011 " + international[1:], "US"},
		{e164[1:], region},
	}
	if region != "001" {
		national := phonenumbers.GetNationalSignificantNumber(n)
		out = append(out, [2]string{phonenumbers.Format(n, phonenumbers.NATIONAL), region}, [2]string{national, region},
			[2]string{phonenumbers.GetNddPrefixForRegion(region, true) + national, region})
	}
	return out
}

type example struct {
	number *phonenumbers.PhoneNumber
	region string
}

// examples are the library's example numbers of all kinds, of all regions.
func examples(t *testing.T) (out []example) {
	t.Helper()
	for _, region := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())) {
		for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.VOICEMAIL; kind++ {
			if n := phonenumbers.GetExampleNumberForType(region, kind); n != nil {
				out = append(out, example{n, region})
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedGlobalNetworkCallingCodes())) {
		if n := phonenumbers.GetExampleNumberForNonGeoEntity(code); n != nil {
			out = append(out, example{n, "001"})
		}
	}
	if len(out) < 1000 {
		t.Fatalf("only %d examples", len(out))
	}
	return out
}

func TestExamples(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		for _, s := range spellings(e.number, e.region) {
			if got, want := ours(s[0], s[1]), oracle(s[0], s[1]); got != want {
				t.Errorf("%q in %q: %+v, the library says %+v", s[0], s[1], got, want)
			}
		}
	}
}

// Numbers near the examples: other digits, more of them or fewer.
func TestNearExamples(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	all := examples(t)
	for range 4000 {
		e := all[random.IntN(len(all))]
		digits := []byte(phonenumbers.GetNationalSignificantNumber(e.number))
		for range 1 + random.IntN(4) {
			digits[random.IntN(len(digits))] = '0' + byte(random.IntN(10))
		}
		switch random.IntN(6) {
		case 0:
			digits = append(digits, '0'+byte(random.IntN(10)))
		case 1:
			digits = digits[:len(digits)-1]
		}
		n, err := phonenumbers.Parse("+"+strconv.Itoa(int(e.number.GetCountryCode()))+string(digits), "")
		if err != nil {
			continue
		}
		for _, s := range append(spellings(n, e.region), [2]string{string(digits), e.region}, [2]string{"0" + string(digits),
			e.region}) {
			if got, want := ours(s[0], s[1]), oracle(s[0], s[1]); got != want {
				t.Errorf("%q in %q: %+v, the library says %+v", s[0], s[1], got, want)
			}
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, country, want string }{
		{"1-800-FLOWERS", "US", "+18003569377"},
		{"tel:+44-20-7946-0958", "US", "+442079460958"},
		{"(020) 7946/0958", "GB", "+442079460958"},
		{"\uFF0B44 \uFF12\uFF10 7946 0958", "", "+442079460958"},
		{"\u0664\u0664 20 7946 0958", "GB", "+442079460958"},
		{"020 7946 0958 доб. 12", "GB", "+442079460958"},
		{"020 7946 0958,,12#", "GB", "+442079460958"},
		{"(530) 583-6985/x2303", "US", "+15305836985"},
		{"212 555 0193.", "US", "+12125550193"},
		{"+49 (0) 30 901820", "US", "+4930901820"},
		{"06 698 12345", "IT", "+390669812345"},
		{"0039 06 698 12345", "DE", "+390669812345"},
		{"011 15 2345 6789", "AR", "+5491123456789"},
		{"212 555 0193", "", ""}, {"212 555 0193", "XX", ""}, {"212 555 0193", "001", ""},
		{"+999 12345678", "US", ""}, {"+", "US", ""}, {"", "US", ""}, {"1", "US", ""}, {"call me", "US", ""},
		{"\u096F\u096F\u096F\u096F\u096F\u096F", "IN", ""}, {strings.Repeat("1", 300), "US", ""},
		{strings.Repeat("1", 40), "US", ""}, {"12:30 call", "US", ""},
	} {
		if got := ours(c.text, c.country); got.e164 != c.want {
			t.Errorf("%q in %q is %q, not %q", c.text, c.country, got.e164, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"+44 20 7946 0958", "011 49 30 1", "1-800-FLOWERS", ";ext=", "+", "0", "\uFF0B\u0661"} {
		f.Add(text, "US")
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		if a := ours(text, country); a.possible && ours(a.e164, "").e164 == "" {
			t.Errorf("%q is %q, which is no number", text, a.e164)
		}
	})
}
