package search

import (
	"slices"
	"strings"
	"testing"
)

// finding is a query and the ids of the people it finds, in order.
type finding struct {
	input string
	want  []int64
}

func checkFinds(t *testing.T, findings []finding) {
	t.Helper()
	snap := people(t)
	for _, c := range findings {
		if got := found(t, snap, parse(t, c.input), nil); !slices.Equal(got, c.want) {
			t.Errorf("%q finds %v, want %v", c.input, got, c.want)
		}
	}
}

func TestFindPlain(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"   ", []int64{78, 142, 3, 4, 5, 6, 7}},
		// Ranking: name before e-mail, together before apart.
		{"chen", []int64{78, 5, 3}}, // Chen, chenault, München
		{"CHEN", []int64{78, 5, 3}},
		{"sarah chen", []int64{78}},
		{"chen sarah", []int64{78}},
		{"svp", []int64{78}},
		{"evp", []int64{7}},
		{"chen yukm", []int64{}},
		{"ny", []int64{78, 142}},
	})
}

func TestFindWithoutAccents(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"jurgen", []int64{3}},
		{"Jürgen", []int64{3}},
		{"JU\u0308RGEN", []int64{3}},
		{"weiss", []int64{3}},
		{"weiß", []int64{3}},
		{"munchen", []int64{3}},
		{"o'brien", []int64{4}},
		{"O’Brien", []int64{4}},
		{"陈", []int64{6}},
		{"明 陈", []int64{6}},
		{"anna@harborpoint", []int64{4}},
	})
}

func TestFindForms(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{`"vice president"`, []int64{78, 7, 6}},
		{`"president vice"`, []int64{}},
		{`"vice pres`, []int64{78, 7, 6}},
		{`"cap mar"`, []int64{}},
		{"^ch", []int64{78, 7}},
		{"^sarah", []int64{78}},
		{`^"sarah ch"`, []int64{78}},
		{"^weiss", []int64{3}},
		{"^vice", []int64{6}},
		{"/svp|vice/", []int64{78, 6, 7}},
		{"/^Vice/", []int64{6}},
		{"/^vice", []int64{6}},
		{"/weiß$/", []int64{3}},
		{"/weiss$/", []int64{3}},
		{"/jürg.n/", []int64{3}},
		{"/m[uü]nchen/", []int64{3}},
		{`/vice\spres/ chicago`, []int64{7}},
		{`/\S+@harbor/`, []int64{4}},
		{"/", []int64{78, 142, 3, 4, 5, 6, 7}},
	})
}

func TestFindInText(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"email:chen", []int64{5, 78}},
		{"email:^j", []int64{142}},
		{"EMAIL:^J", []int64{142}},
		{`email:""`, []int64{3}},
		{`email:"`, []int64{78, 142, 3, 4, 5, 6, 7}},
		{"email:", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"email: chen", []int64{78, 5, 3}},
		{"title:/svp|executive/", []int64{7}},
		{`title:"vice president"`, []int64{78, 7, 6}},
		{"name:^chen", []int64{78}},
		{"name:^ch", []int64{78, 7}},
		{"last:^chen", []int64{78}},
		{"first:^ch", []int64{7}},
		{"first:anna", []int64{4}},
		{"name:/^sarah chen$/", []int64{78}},
		{`name:""`, []int64{5}},
		{"dept:markets", []int64{7, 142}},
		{"department:dcm", []int64{142}},
		{"city:york", []int64{78, 142}},
	})
}

func TestFindInCodes(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"state:ny", []int64{78, 142}},
		{"state:n", []int64{78, 142}},
		{"state:y", []int64{}},
		{`state:""`, []int64{3, 5}},
		{"zip:100", []int64{78, 142}},
		{"zip:004", []int64{}},
		{"address:battery", []int64{78}},
		{"street:57th", []int64{142}},
		{"linkedin:chen", []int64{78}},
		{"linkedin:sarah-chen-cre", []int64{78}},
		{"linkedin_url:/james/", []int64{142}},
		{"type:lender", []int64{78, 142}},
		{"type:lender_contact", []int64{78, 142}},
		{"type:sponsor", []int64{3, 4, 7}},
		{"type:s", []int64{3, 4, 7}},
		{"type:broker", []int64{6}},
		{`type:""`, []int64{5}},
		{"primary:yes", []int64{78, 4}},
		{"primary:y", []int64{78, 4}},
		{"primary:no", []int64{142, 3, 5, 6, 7}},
		{"is_primary:true", []int64{78, 4}},
		{"connected:no", []int64{142}},
		{"connected:yes", []int64{78, 3, 4, 5, 6, 7}},
		{"id:78", []int64{78}},
		{"id:7", []int64{7}},
		{"id:>7", []int64{78, 142}},
		{"id:4..6", []int64{4, 5, 6}},
		{`id:"78"`, []int64{78}},
		{"id:>", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"owner:56", []int64{78, 142}},
		{`owner:""`, []int64{3, 4, 5, 6, 7}},
	})
}

func TestFindDates(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"updated:2026-02", []int64{78, 6}},
		{"updated:2026", []int64{78, 142, 3, 6}},
		{"updated:2026-02-20", []int64{78}},
		{"updated:>2026-01-01", []int64{78, 142, 6}},
		{"updated:>=2026-01-01", []int64{78, 142, 3, 6}},
		{"updated:<2026", []int64{7}},
		{"updated:<=2026-01", []int64{3, 7}},
		{"updated:2026-01..2026-02", []int64{78, 3, 6}},
		{"updated:2026-02-20T16:45:00Z", []int64{78}},
		{"updated:2026-02-20T16", []int64{78}},
		{"created:2025", []int64{78, 3}},
		{`updated:""`, []int64{4, 5}},
		{"updated:202", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"updated:2026-", []int64{78, 142, 3, 6}},
	})
}

func TestFindExclusions(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"!chen", []int64{142, 4, 6, 7}},
		{"!type:sponsor !ny", []int64{5, 6}},
		{"type:!sponsor !ny", []int64{5, 6}},
		{`!"vice president" !^j`, []int64{4, 5}},
		{"!/a/", []int64{}},
		{`!email:""`, []int64{78, 142, 4, 5, 6, 7}},
		{"!", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"!primary:yes !connected:no", []int64{3, 5, 6, 7}},
		{"!updated:2026", []int64{4, 5, 7}},
	})
}

func TestFindUndocumented(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"phones:555", []int64{78}},
		{"phones:212-555", []int64{78}},
		{"phone:+1212", []int64{78}},
		{"phones:^+1", []int64{78}},
		{"phones:mobile", []int64{78}},
		{"phones:/^\\+1212/", []int64{78}},
		{"phones:999", []int64{}},
		{`!phones:""`, []int64{78}},
		{"contact_types:sponsor", []int64{4}},
	})
}

// X14: of a value without end only the beginning is searched.
func TestFindInLongValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", MaxSearched/2-4) + " near, far"
	snap := bookOf(t, `[{"id":1,"title":"`+long+`"},{"id":2,"desk":"`+long+`"},{"id":3,"title":"`+strings.Repeat("x",
		MaxSearched-5)+` near far"}]`)
	for input, want := range map[string][]int64{"near": {1, 2, 3}, "far": {}} {
		got := found(t, snap, parse(t, input), nil)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("X14 %q finds %v, want %v", input, got, want)
		}
	}
}

func TestFindLookAlikes(t *testing.T) {
	t.Parallel()
	checkFinds(t, []finding{
		{"foo:bar", []int64{}},
		{"https://x", []int64{7}},
		{"10:30", []int64{}},
	})
}
