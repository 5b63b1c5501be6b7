package model

import (
	"reflect"
	"testing"
)

func change(f FieldID, before, after Value) Change { return Change{f, before, after} }

func TestDiff(t *testing.T) {
	t.Parallel()
	const base = `{"id":1,"contact_type":"sponsor","first_name":"  Ann ","last_name":null,"title":"","email":"a@b.c","zip":10004,"address":"   ","is_primary":true}`
	for _, c := range []struct {
		name  string
		draft Draft
		want  string
	}{
		{"nothing typed", nil, `{}`},
		{"typed the same", Draft{FieldEmail: "a@b.c", FieldType: "sponsor"}, `{}`},
		{"typed the same with space around", Draft{FieldEmail: " a@b.c\t"}, `{}`},
		{"the space of the server stays", Draft{FieldFirstName: "Ann"}, `{}`},
		{"inner space is text", Draft{FieldFirstName: "An n"}, `{"first_name":"An n"}`},
		{"set over null, empty and absent", Draft{FieldLastName: "Lee", FieldTitle: "EVP", FieldCity: "Rome"}, `{"last_name":"Lee","title":"EVP","city":"Rome"}`},
		{"still empty over null, empty, absent and blank", Draft{FieldLastName: "", FieldTitle: " ", FieldCity: "", FieldAddress: ""}, `{}`},
		{"cleared", Draft{FieldEmail: "", FieldType: "  "}, `{"contact_type":null,"email":null}`},
		{"space around is not sent", Draft{FieldEmail: "  new@b.c  "}, `{"email":"new@b.c"}`},
		{"case is a change", Draft{FieldEmail: "A@b.c"}, `{"email":"A@b.c"}`},
		{"a number typed the same", Draft{FieldZip: "10004"}, `{}`},
		{"a number changed becomes text", Draft{FieldZip: "10005"}, `{"zip":"10005"}`},
		{"a boolean unchanged", Draft{FieldPrimary: "true"}, `{}`},
		{"a boolean unchanged, in words", Draft{FieldPrimary: "yes"}, `{}`},
		{"a boolean changed", Draft{FieldPrimary: "no"}, `{"is_primary":false}`},
		{"in table order", Draft{FieldZip: "1", FieldFirstName: "B", FieldEmail: "x"}, `{"first_name":"B","email":"x","zip":"1"}`},
	} {
		p := Diff(contactOf(t, base), c.draft)
		if got := direct(t, p); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if p.Empty() != (c.want == `{}`) || p.Len() != len(p.Changes()) {
			t.Errorf("%s: empty %v, %d changes", c.name, p.Empty(), p.Len())
		}
	}
}

func TestDiffOfBooleansThatTheServerLeftOut(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{`{"id":1}`: `{}`, `{"id":1,"is_primary":null}`: `{}`, `{"id":1,"is_primary":false}`: `{}`, `{"id":1,"is_primary":true}`: `{"is_primary":false}`} {
		if got := direct(t, Diff(contactOf(t, raw), Draft{FieldPrimary: "no"})); got != want {
			t.Errorf("no over %s: %s", raw, got)
		}
	}
	if got := direct(t, Diff(contactOf(t, `{"id":1}`), Draft{FieldPrimary: "yes"})); got != `{"is_primary":true}` {
		t.Errorf("yes over nothing: %s", got)
	}
}

func TestDiffKeepsBefore(t *testing.T) {
	t.Parallel()
	p := Diff(contactOf(t, `{"id":1,"title":"Analyst","city":null}`), Draft{FieldTitle: "", FieldCity: "Rome"})
	want := []Change{{FieldTitle, TextValue("Analyst"), NullValue()}, {FieldCity, NullValue(), TextValue("Rome")}}
	if !reflect.DeepEqual(p.Changes(), want) {
		t.Errorf("changes %v", p.Changes())
	}
}

func TestDraftClone(t *testing.T) {
	t.Parallel()
	d := Draft{FieldTitle: "a"}
	e := d.Clone()
	e[FieldTitle] = "b"
	if d[FieldTitle] != "a" || len(Draft(nil).Clone()) != 0 {
		t.Error("the clone shares its fields")
	}
}

// What is sent is what is shown: the bytes of the body.
func TestPatchJSON(t *testing.T) {
	t.Parallel()
	p := NewPatch(
		change(FieldZip, NullValue(), TextValue("10004")),
		change(FieldFirstName, TextValue("a"), TextValue(`<b>&"q"\ é 👍`+"\n\u2028")),
		change(FieldEmail, TextValue("a"), NullValue()),
		change(FieldPrimary, Value{}, BoolValue(true)),
	)
	if got, want := direct(t, p), `{"first_name":"<b>&\"q\"\\ é 👍\n\u2028","email":null,"zip":"10004","is_primary":true}`; got != want {
		t.Errorf("body %s, want %s", got, want)
	}
	if got := direct(t, Patch{}); got != `{}` {
		t.Errorf("the zero patch is %s", got)
	}
}

func TestNewPatch(t *testing.T) {
	t.Parallel()
	a, b, c := TextValue("a"), TextValue("b"), TextValue("c")
	for _, x := range []struct {
		name    string
		changes []Change
		want    []Change
	}{
		{"none", nil, nil},
		{"to the same", []Change{{FieldTitle, a, a}, {FieldCity, Value{}, NullValue()}, {FieldState, NullValue(), TextValue("")}, {FieldPrimary, Value{}, BoolValue(false)}}, nil},
		{"the later counts", []Change{{FieldTitle, a, b}, {FieldTitle, a, c}}, []Change{{FieldTitle, a, c}}},
		{"the later takes it back", []Change{{FieldTitle, a, b}, {FieldTitle, a, a}}, nil},
		{"table order", []Change{{FieldCity, a, b}, {FieldTitle, a, b}}, []Change{{FieldTitle, a, b}, {FieldCity, a, b}}},
	} {
		if got := NewPatch(x.changes...).Changes(); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestPatchParts(t *testing.T) {
	t.Parallel()
	p := NewPatch(change(FieldTitle, TextValue("a"), TextValue("b")), change(FieldCity, TextValue("c"), NullValue()), change(FieldPrimary, Value{}, BoolValue(true)))
	if c, ok := p.Get(FieldCity); !ok || c.After != NullValue() {
		t.Errorf("city: %v %v", c, ok)
	}
	if _, ok := p.Get(FieldZip); ok {
		t.Error("zip does not change")
	}
	if got := direct(t, p.Without(FieldTitle, FieldZip, FieldPrimary)); got != `{"city":null}` || p.Len() != 3 {
		t.Errorf("without title: %s, the patch has %d", got, p.Len())
	}
	if !p.Without(FieldTitle, FieldCity, FieldPrimary).Empty() {
		t.Error("without all there is something left")
	}
	before := contactOf(t, `{"id":1,"title":"a","city":"c","zip":"z"}`)
	if got := direct(t, p.Apply(before)); got != `{"id":1,"title":"b","city":null,"zip":"z","is_primary":true}` {
		t.Errorf("applied: %s", got)
	}
}

func TestInverse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ base, draft, want string }{
		{`{"id":1,"title":"a"}`, "b", `{"title":"a"}`},
		{`{"id":1,"title":"a"}`, "", `{"title":"a"}`},
		{`{"id":1,"title":" a "}`, "b", `{"title":" a "}`},
		{`{"id":1,"title":null}`, "b", `{"title":null}`},
		{`{"id":1,"title":""}`, "b", `{"title":null}`},
		{`{"id":1}`, "b", `{"title":null}`},
	} {
		p := Diff(contactOf(t, c.base), Draft{FieldTitle: c.draft})
		if got := direct(t, p.Inverse()); got != c.want {
			t.Errorf("%s to %q is taken back by %s, want %s", c.base, c.draft, got, c.want)
		}
		if inverse, _ := p.Inverse().Get(FieldTitle); inverse.Before != p.Changes()[0].After {
			t.Errorf("the inverse begins from %v", inverse.Before)
		}
	}
	for base, want := range map[string]string{`{"id":1}`: `{"is_primary":false}`, `{"id":1,"is_primary":null}`: `{"is_primary":false}`, `{"id":1,"is_primary":false}`: `{"is_primary":false}`} {
		p := Diff(contactOf(t, base), Draft{FieldPrimary: "yes"})
		if got := direct(t, p.Inverse()); got != want {
			t.Errorf("primary over %s is taken back by %s", base, got)
		}
	}
	if !(Patch{}).Inverse().Empty() {
		t.Error("the inverse of nothing is something")
	}
}

// mergeCase is an edit that began from base, the contact as it is now, and
// what is left of the edit.
type mergeCase struct {
	name      string
	base      string
	draft     Draft
	theirs    string
	rest      string
	conflicts []Conflict
}

func mergeCases() []mergeCase {
	const base = `{"id":1,"title":"Analyst","city":"Rome","state":null,"is_primary":false}`
	text := TextValue
	return []mergeCase{
		{"nobody else", base, Draft{FieldTitle: "EVP"}, base, `{"title":"EVP"}`, nil},
		{"another field", base, Draft{FieldTitle: "EVP"}, `{"id":1,"title":"Analyst","city":"Oslo","state":"NY"}`, `{"title":"EVP"}`, nil},
		{"the same field", base, Draft{FieldTitle: "EVP"}, `{"id":1,"title":"SVP","city":"Rome"}`, `{}`,
			[]Conflict{{FieldTitle, text("Analyst"), text("SVP"), text("EVP")}}},
		{"both", base, Draft{FieldTitle: "EVP", FieldCity: "Bern"}, `{"id":1,"title":"SVP","city":"Rome","state":"NY"}`, `{"city":"Bern"}`,
			[]Conflict{{FieldTitle, text("Analyst"), text("SVP"), text("EVP")}}},
		{"two conflicts in table order", base, Draft{FieldCity: "Bern", FieldTitle: "EVP"}, `{"id":1,"title":"SVP","city":"Oslo"}`, `{}`,
			[]Conflict{{FieldTitle, text("Analyst"), text("SVP"), text("EVP")}, {FieldCity, text("Rome"), text("Oslo"), text("Bern")}}},
		{"the very same change", base, Draft{FieldTitle: "EVP"}, `{"id":1,"title":"EVP","city":"Rome"}`, `{}`, nil},
		{"cleared by me, set by them", base, Draft{FieldTitle: ""}, `{"id":1,"title":"SVP"}`, `{}`,
			[]Conflict{{FieldTitle, text("Analyst"), text("SVP"), NullValue()}}},
		{"set by me, cleared by them", base, Draft{FieldTitle: "EVP"}, `{"id":1,"title":null}`, `{}`,
			[]Conflict{{FieldTitle, text("Analyst"), NullValue(), text("EVP")}}},
		{"cleared by both", base, Draft{FieldTitle: ""}, `{"id":1,"title":""}`, `{}`, nil},
		{"cleared by both, absent now", base, Draft{FieldTitle: ""}, `{"id":1}`, `{}`, nil},
		{"empty in another way", base, Draft{FieldState: "NY"}, `{"id":1,"state":""}`, `{"state":"NY"}`, nil},
		{"empty, set by them", base, Draft{FieldState: "NY"}, `{"id":1,"state":"CA"}`, `{}`,
			[]Conflict{{FieldState, NullValue(), text("CA"), text("NY")}}},
		{"a boolean set by both", base, Draft{FieldPrimary: "yes"}, `{"id":1,"is_primary":true}`, `{}`, nil},
		{"a boolean left out now", base, Draft{FieldPrimary: "yes"}, `{"id":1}`, `{"is_primary":true}`, nil},
		{"a boolean of another kind now", base, Draft{FieldPrimary: "yes"}, `{"id":1,"is_primary":null}`, `{"is_primary":true}`, nil},
		{"unknown fields", `{"id":1,"title":"a","phones":[1]}`, Draft{FieldTitle: "b"}, `{"id":1,"title":"a","phones":[2],"new":true}`, `{"title":"b"}`, nil},
		{"normalised by the server to what I want", `{"id":1,"state":"ny"}`, Draft{FieldState: "NY"}, `{"id":1,"state":"NY"}`, `{}`, nil},
		{"normalised by the server to something else", `{"id":1,"state":"ny"}`, Draft{FieldState: "CA"}, `{"id":1,"state":"NY"}`, `{}`,
			[]Conflict{{FieldState, text("ny"), text("NY"), text("CA")}}},
		{"nothing typed", base, nil, `{"id":1,"title":"SVP"}`, `{}`, nil},
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range mergeCases() {
		theirs := contactOf(t, c.theirs)
		rest, conflicts := Merge(Diff(contactOf(t, c.base), c.draft), theirs)
		if got := direct(t, rest); got != c.rest || !reflect.DeepEqual(conflicts, c.conflicts) {
			t.Errorf("%s: rest %s, conflicts %v; want %s, %v", c.name, got, conflicts, c.rest, c.conflicts)
		}
		for _, ch := range rest.Changes() {
			if ch.Before != theirs.Get(ch.Field) {
				t.Errorf("%s: %s begins from %v and not from theirs", c.name, ch.Field.Name(), ch.Before)
			}
		}
		if again, conflicts := Merge(rest, theirs); len(conflicts) > 0 || direct(t, again) != c.rest {
			t.Errorf("%s: merging again gives %s %v", c.name, direct(t, again), conflicts)
		}
	}
}

func TestNotTaken(t *testing.T) {
	t.Parallel()
	sent := NewPatch(change(FieldTitle, TextValue("a"), TextValue("EVP")), change(FieldState, TextValue("CA"), TextValue("ny")),
		change(FieldCity, TextValue("Rome"), NullValue()), change(FieldPrimary, Value{}, BoolValue(true)))
	for _, c := range []struct {
		answer string
		want   []Conflict
	}{
		{`{"id":1,"title":"EVP","state":"ny","city":null,"is_primary":true,"zip":"new"}`, nil},
		{`{"id":1,"title":"EVP","state":"ny","city":"","is_primary":true}`, nil},
		{`{"id":1,"title":"EVP","state":"ny","is_primary":true}`, nil},
		{`{"id":1,"title":"EVP","state":"NY","city":null,"is_primary":true}`, []Conflict{{FieldState, TextValue("CA"), TextValue("NY"), TextValue("ny")}}},
		{`{"id":1,"title":"a","state":"ny","city":"Rome","is_primary":false}`, []Conflict{
			{FieldTitle, TextValue("a"), TextValue("a"), TextValue("EVP")},
			{FieldCity, TextValue("Rome"), TextValue("Rome"), NullValue()},
			{FieldPrimary, Value{}, BoolValue(false), BoolValue(true)}}},
		{`{"id":1,"state":"ny"}`, []Conflict{{FieldTitle, TextValue("a"), Value{}, TextValue("EVP")}, {FieldPrimary, Value{}, Value{}, BoolValue(true)}}},
	} {
		got := NotTaken(sent, contactOf(t, c.answer))
		// Conflicts come in table order.
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.answer, got, c.want)
		}
	}
	if NotTaken(Patch{}, contactOf(t, `{"id":1}`)) != nil {
		t.Error("nothing sent and something not taken")
	}
}

// Undoing a change and doing it again end where they began, as far as a person
// can see.
func TestInverseUndoes(t *testing.T) {
	t.Parallel()
	for _, c := range mergeCases() {
		base := contactOf(t, c.base)
		p := Diff(base, c.draft)
		back := p.Inverse().Apply(p.Apply(base))
		for f := range FieldID(NumFields) {
			if !sameValue(back.Get(f), base.Get(f)) {
				t.Errorf("%s: %s is %v after undo, was %v", c.name, f.Name(), back.Get(f), base.Get(f))
			}
		}
		if again := p.Inverse().Inverse(); direct(t, again) != direct(t, p) {
			t.Errorf("%s: undone twice %s, was %s", c.name, direct(t, again), direct(t, p))
		}
	}
}
