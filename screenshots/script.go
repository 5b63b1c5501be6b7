//go:build unix

package main

import "time"

// typingTime is how long a film shows each typed character.
const typingTime = 70 * time.Millisecond

// picture is one file to make: in what terminal, with what keys.
type picture struct {
	name       string // of the files, without the ending
	caption    string // for those who cannot see it
	cols, rows int
	theme      theme
	args       []string // besides --demo
	account    bool     // of an account whose contacts a colleague has changed, not of the demo
	film       bool     // a moving picture of all steps, not a still one of the last
	steps      []step
}

// step is something the user does, and what is seen afterwards. Keys are pressed
// first, then text is typed.
type step struct {
	keys  []string // names as term.Press takes them
	text  string
	shows []string      // must be on the screen before the next step
	hides []string      // must not be
	hold  time.Duration // how long a film shows the result
}

// pictures are all pictures. The screen is the program's own, so a picture whose
// words change there fails here with the screen in the message.
func pictures() []picture {
	wide := func(name, caption string, steps ...step) picture {
		return picture{name: name, caption: caption, cols: 120, rows: 40, theme: darkTheme(), steps: steps}
	}
	started := step{shows: []string{"Sarah Chen", "schen@meridiancapital.com", "250 of 1,284 loaded"}, hold: 2 * time.Second}
	title := step{keys: []string{"enter", "down", "down", "down", "enter"}, shows: []string{"enter save   esc leave"}}
	form := step{keys: []string{"e"}, shows: []string{"Edit Sarah Chen"}}
	change := step{keys: []string{"tab", "tab", "tab", "ctrl+x"}, text: "Executive Vice President", shows: []string{"1 change"}}

	list := wide("list", "The list of contacts with the details of the one under the cursor beside it", started)
	light := wide("light", "The list of contacts on a light background", started)
	light.theme = lightTheme()
	small := wide("small", "The list of contacts in a terminal of 80 by 24 characters", step{shows: []string{"Sarah Chen", "250 of 1,284 loaded"}})
	small.cols, small.rows = 80, 24

	film := wide("demo", "Finding a contact, changing her title in place and looking at the change", filmSteps()...)
	film.rows, film.film = 30, true

	refused := wide("error", "A value that the service refused, with its reason beside the field and nothing lost", started, form,
		step{keys: []string{"tab", "tab", "tab", "tab", "tab", "tab", "ctrl+x"}, text: "sarah.chen@meridiancapital.com",
			shows: []string{"1 change"}},
		step{keys: []string{"ctrl+s"}, shows: []string{"enter save"}}, step{keys: []string{"enter"}, shows: []string{"not saved", "request"}})
	refused.args = []string{"--demo-faults", "refuse=email@patch:*"}

	news := wide("what-changed", "What others have changed since the last look: who, which field, old to new",
		step{shows: []string{"Sarah Chen", "3 changed since"}},
		step{keys: []string{"R"}, shows: []string{"Changed by others"}})
	news.account = true

	return []picture{
		news, list, light, small, film, refused,
		wide("edit-field", "A field being changed in place", started, title,
			step{keys: []string{"ctrl+u"}, text: "Executive Vice President", shows: []string{"Executive Vice President"}}),
		wide("form", "The form for a whole contact", started, form, change),
		wide("preview", "The changes about to be saved, old and new side by side", started, form, change,
			step{keys: []string{"tab", "ctrl+x", "ctrl+s"}, shows: []string{"2 changes", "(empty)"}}),
		wide("phones", "Phones being changed in place, a row a number, with what the one under the cursor becomes", started,
			step{keys: []string{"p"}, shows: []string{"becomes +1 212 555 0193", "add a number"}},
			step{keys: []string{"down"}, text: "917.555.0101 x4", shows: []string{"becomes +1 917 555 0101"}}),
		wide("phones-preview", "The whole list of phones about to be replaced, each number old and new", started,
			step{keys: []string{"p"}, shows: []string{"becomes +1 212 555 0193"}},
			step{keys: []string{"down"}, text: "917.555.0101 x4", shows: []string{"becomes +1 917 555 0101"}},
			step{keys: []string{"enter"}, shows: []string{"replaces the only number", "(new)"}}),
		wide("details", "The details of a contact with phones, a number a line", started,
			step{keys: []string{"enter"}, shows: []string{"Office  (212) 555-0193", "Street 2"}}),
		wide("search", "A search with the matches marked and how much of the book it covers", started,
			step{keys: []string{"/"}, text: "chen lender", shows: []string{"chen lender", " of 1,284"}}),
		wide("notes", "The notes on a contact in the details, with the one under the cursor opened", started,
			step{keys: []string{"enter"}, shows: []string{"Notes (3)"}},
			step{keys: []string{"ctrl+d", "ctrl+d", "down", "down", "down", "down", "down", "down"},
				shows: []string{"Jordan Avery"}}),
		wide("company", "The company of a new contact chosen by a part of its name", started,
			step{keys: []string{"n"}, shows: []string{"New contact", "ctrl+g company"}},
			step{keys: []string{"ctrl+g"}, text: "harb", shows: []string{"Company of the new contact", "Harbor Point"}}),
		wide("similar", "A name with a mistake in it: nobody matches, and those who are similar stand below a rule", started,
			step{keys: []string{"/"}, text: "gutierez", shows: []string{"nothing matches", "similar", "0 of 1,284"}}),
		wide("facets", "Everything to filter by on one screen, counted within a search", started,
			step{keys: []string{"/"}, text: "director", shows: []string{"director", " of 1,284"}},
			step{keys: []string{"enter", "f"}, shows: []string{"Filter by", "Phone number"}},
			step{keys: []string{"down", "space"}, shows: []string{"Clear all filters"}}),
		wide("figures", "Figures of all contacts with bars: types, states, companies, months", started,
			step{keys: []string{"I"}, shows: []string{"Figures of", "without phone number"}}),
		wide("bulk-table", "Every change of a bulk edit before it is sent, a contact a line",
			append([]step{started}, bulkSteps()...)...),
		wide("bulk-undo", "The undo of a bulk edit as a table", append(append([]step{started}, bulkSteps()...),
			step{keys: []string{"enter"}, shows: []string{"Bulk edit done: 3 changed"}},
			step{keys: []string{"B"}, shows: []string{"Bulk edits"}},
			step{keys: []string{"enter"}, shows: []string{"undo this bulk edit, 3 contacts"}},
			step{keys: []string{"down", "enter"}, shows: []string{"undo it: 3 contacts"}})...),
	}
}

// bulkSteps mark three contacts and change them together, up to the table before
// it is sent.
func bulkSteps() []step {
	return []step{
		{keys: []string{"space", "space", "space"}, shows: []string{"3 marked"}},
		{keys: []string{"E"}, shows: []string{"Edit 3"}},
		{keys: []string{"tab", "tab", "tab", "tab", "ctrl+t"}, text: "Capital Markets"},
		{keys: []string{"ctrl+s"}, shows: []string{"3 contacts will change", "Capital Markets"}},
	}
}

// filmSteps find a contact, change a field in place, look at another change
// before it is saved, and undo it.
func filmSteps() []step {
	return []step{
		{shows: []string{"Sarah Chen", "250 of 1,284 loaded"}, hold: 1500 * time.Millisecond},
		{keys: []string{"j"}, hold: 250 * time.Millisecond},
		{keys: []string{"j"}, hold: 400 * time.Millisecond},
		{keys: []string{"/"}, hold: 500 * time.Millisecond},
		{text: "sarah chen", shows: []string{"sarah chen"}, hold: 1200 * time.Millisecond},
		{keys: []string{"enter"}, hold: 600 * time.Millisecond},
		{keys: []string{"enter"}, hold: 500 * time.Millisecond},
		{keys: []string{"down"}, hold: 200 * time.Millisecond},
		{keys: []string{"down"}, hold: 200 * time.Millisecond},
		{keys: []string{"down"}, hold: 400 * time.Millisecond},
		{keys: []string{"enter"}, shows: []string{"enter save   esc leave"}, hold: 700 * time.Millisecond},
		{keys: []string{"ctrl+u"}, text: "Executive Vice President", shows: []string{"Executive Vice President"}, hold: 900 * time.Millisecond},
		{keys: []string{"enter"}, shows: []string{"saved: title"}, hold: 2 * time.Second},
		{keys: []string{"e"}, shows: []string{"Edit Sarah Chen"}, hold: 700 * time.Millisecond},
		{keys: []string{"tab", "tab", "tab", "tab", "ctrl+x"}, text: "Capital Markets", shows: []string{"1 change"}, hold: 700 * time.Millisecond},
		{keys: []string{"ctrl+s"}, shows: []string{"Originations", "Capital Markets"}, hold: 2 * time.Second},
		{keys: []string{"enter"}, shows: []string{"saved: department"}, hold: 1500 * time.Millisecond},
		{keys: []string{"u"}, shows: []string{"Undo", "Capital Markets"}, hold: 1200 * time.Millisecond},
		{keys: []string{"enter"}, shows: []string{"undone and saved"}, hold: 2 * time.Second},
	}
}
