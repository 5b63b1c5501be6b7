package search

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// checkSpans fails unless the spans are in order, apart, and between runes.
func checkSpans(tb testing.TB, p model.Packed, marks Highlights) {
	tb.Helper()
	for f, spans := range marks {
		raw := p.Get(f).String()
		end := -1
		for _, s := range spans {
			if s.Start <= end || s.Start >= s.End || s.End > len(raw) {
				tb.Fatalf("spans %v of %s %q", spans, f.Name(), raw)
			}
			for _, at := range []int{s.Start, s.End} {
				if utf8.ValidString(raw) && at < len(raw) && !utf8.RuneStart(raw[at]) {
					tb.Fatalf("span %v of %s %q cuts a rune", s, f.Name(), raw)
				}
			}
			end = s.End
		}
	}
}

// marked shows highlights as text, [so].
func marked(p model.Packed, marks Highlights) string {
	var parts []string
	for f := range model.FieldID(model.NumFields) {
		spans := marks[f]
		if len(spans) == 0 {
			continue
		}
		raw := p.Get(f).String()
		var b strings.Builder
		at := 0
		for _, s := range spans {
			fmt.Fprintf(&b, "%s[%s]", raw[at:s.Start], raw[s.Start:s.End])
			at = s.End
		}
		parts = append(parts, f.Name()+"="+b.String()+raw[at:])
	}
	return strings.Join(parts, " ")
}

func TestMatchMarks(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[
		{"id":1,"first_name":"Sarah","last_name":"Chen","email":"schen@meridiancapital.com","title":"Senior Vice President","city":"New York","state":"NY","phones":[{"raw":"555"}]},
		{"id":2,"first_name":"Ju\u0308rgen","last_name":"Groß-Weiß","title":"Geschäftsführer"},
		{"id":3,"first_name":"明","last_name":"陈陈","city":"上海 Shanghai"},
		{"id":4,"first_name":"Ｆｕｌｌ","last_name":"Ａnna","title":"ﬁnance"},
		{"id":5,"last_name":"Solo","email":"a👍b@x.com"},
		{"id":6,"first_name":"한글","last_name":"김"}]`)
	for _, c := range []struct {
		id    int64
		input string
		want  string
	}{
		{1, "", ""},
		{1, "chen", "last_name=[Chen] email=s[chen]@meridiancapital.com"},
		{1, "sarahchen", "first_name=[Sarah] last_name=[Chen]"},
		{1, `"sarah chen"`, "first_name=[Sarah] last_name=[Chen]"},
		{1, "sarahch", "first_name=[Sarah] last_name=[Ch]en"},
		{1, "~srhchn", "first_name=[S]a[r]a[h] last_name=[Ch]e[n]"},
		{1, "~svp", "title=[S]enior [V]ice [P]resident"},
		{1, "svp", "title=[Senior Vice President]"},
		{1, "sara | york", "first_name=[Sara]h city=New [York]"},
		{1, "company:meridian", "email=schen@[meridian]capital.com"},
		{1, "^sa", "first_name=[Sa]rah"},
		{1, "^ch", "last_name=[Ch]en"},
		{1, `"e"`, "last_name=Ch[e]n title=S[e]nior Vic[e] Pr[e]sid[e]nt email=sch[e]n@m[e]ridiancapital.com city=N[e]w York"},
		{1, "email:s", "email=[s]chen@meridiancapital.com"},
		{1, "/h c/", "first_name=Sara[h] last_name=[C]hen"},
		{1, "/senior|president/", "title=[Senior] Vice [President]"},
		{1, "state:n city:york", "city=New [York] state=[N]Y"},
		{1, "phones:555 id:1 !zzz", ""},
		{1, "/x*/", ""},
		{2, "jurgen", "first_name=[Ju\u0308rgen]"},
		{2, "jur", "first_name=[Ju\u0308r]gen"},
		{2, "ju", "first_name=[Ju\u0308]rgen"},
		{2, "weiss", "last_name=Groß-[Weiß]"},
		{2, "weis", "last_name=Groß-[Weiß]"},
		{2, "schafts", "title=Ge[schäfts]führer"},
		{2, "/gro(ss|x)/", "last_name=[Groß]-Weiß"},
		{2, "/fuhrer$/", "title=Geschäfts[führer]"},
		{3, "陈", "last_name=[陈陈]"},
		{3, "明陈", "first_name=[明] last_name=[陈]陈"},
		{3, "海", "city=上[海] Shanghai"},
		{3, "shang", "city=上海 [Shang]hai"},
		{4, "full", "first_name=[Ｆｕｌｌ]"},
		{4, "anna", "last_name=[Ａnna]"},
		{4, "nance", "title=ﬁ[nance]"},
		{4, "inan", "title=[ﬁnan]ce"},
		{5, "solo", "last_name=[Solo]"},
		{5, "b@x", "email=a👍[b@x].com"},
		{5, "/^solo/", "last_name=[Solo]"},
		{6, "한", "first_name=[한]글"},
		{6, "하", "first_name=[한]글"},
	} {
		slot := int(c.id) - 1
		marks, ok := Match(parse(t, c.input), snap.At(slot))
		if !ok {
			t.Errorf("%q does not match contact %d", c.input, c.id)
		}
		if got := marked(snap.At(slot), marks); got != c.want {
			t.Errorf("%q marks %q, want %q", c.input, got, c.want)
		}
		checkSpans(t, snap.At(slot), marks)
	}
}

func TestMatchSaysNo(t *testing.T) {
	t.Parallel()
	snap := people(t)
	for _, input := range []string{"yukm", "!chen", "primary:no", "/x$/", "phones:999"} {
		if marks, ok := Match(parse(t, input), snap.At(0)); ok || marks != nil {
			t.Errorf("%q matches Sarah Chen: %v", input, marks)
		}
	}
}
