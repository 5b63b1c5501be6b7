package edit

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/prompt"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// companyField is what the published API documentation wants of a new contact
// although it is no field of a contact: no answer shows it.
const companyField = "company_id"

// companiesFresh is how old the names of the companies may be.
const companiesFresh = 24 * time.Hour

// hiring is the company of a new contact.
type hiring struct {
	chosen model.Company // without an ID none is chosen
	all    work.Companies
	read   bool // all is an answer
	err    *model.Error
	picker *menu.Menu // as opened last
	saves  bool       // the contact is created once the company is chosen
}

type (
	companiesMsg struct {
		own
		companies work.Companies
		err       error
	}
	// companyMsg chooses a company.
	companyMsg struct {
		own
		company model.Company
	}
	// nameCompanyMsg asks for what a new company needs, createCompanyMsg
	// creates it.
	nameCompanyMsg   struct{ own }
	createCompanyMsg struct {
		own
		company work.NewCompany
	}
	companyMadeMsg struct {
		own
		saved work.CompanySaved
		err   error
	}
)

// CompaniesRead are the companies, for whoever shows their names.
type CompaniesRead struct{ Companies work.Companies }

// wantsCompany reports that a create was refused for want of a company.
func wantsCompany(kind work.DraftKind, err *model.Error) bool {
	_, named := err.Fields[companyField]
	return named && kind == work.DraftCreate
}

// readCompanies reads the names of the companies.
func (m *Model) readCompanies() tea.Cmd {
	if m.kind != work.DraftCreate {
		return nil
	}
	ctx, b, o := m.o.Context, m.o.Backend, m.own()
	return func() tea.Msg {
		all, err := b.Companies(ctx, companiesFresh, work.Screen)
		return companiesMsg{o, all, err}
	}
}

func (m *Model) onCompanies(msg companiesMsg) []screen.Event {
	c := &m.company
	c.all, c.read, c.err = msg.companies, true, nil
	if msg.err != nil {
		c.err = model.AsError("list the companies", msg.err)
	}
	if c.picker != nil {
		c.picker.SetItems(m.companyItems())
		c.picker.SetFoot(m.companyFoot())
	}
	m.showNotes()
	return []screen.Event{CompaniesRead{c.all}}
}

// unknownCompanies says why no company can be chosen by its name, "" when it can.
func (m *Model) unknownCompanies() string {
	switch c := &m.company; {
	case c.all.Lacking:
		return "this service has no companies"
	case c.err != nil && len(c.all.Items) == 0:
		return "the companies cannot be read: " + plain.Clean(c.err.Headline())
	}
	return ""
}

// chooseCompany opens the picker, as the user asked.
func (m *Model) chooseCompany() (tea.Cmd, []screen.Event) {
	why := m.unknownCompanies()
	switch {
	case m.state == saving || m.state == keeping:
		return nil, nil
	case m.kind != work.DraftCreate:
		why = "only a new contact chooses its company"
	}
	if why != "" {
		return nil, []screen.Event{m.say(screen.Note, why)}
	}
	m.company.saves = false
	return nil, []screen.Event{m.openPicker("Company of the new contact", screen.Now)}
}

// askCompany asks for the company that the service wants, and creates the contact
// then.
func (m *Model) askCompany() screen.Event {
	m.company.saves = true
	if m.unknownCompanies() != "" {
		return m.askCompanyNumber()
	}
	return m.openPicker("The service wants a company for a new contact", screen.WhenFree)
}

func (m *Model) openPicker(title string, when screen.When) screen.Event {
	m.company.picker = menu.Open(menu.Options{Title: title, Items: m.companyItems(), Typed: true, Foot: m.companyFoot()})
	return screen.Open{When: when, Over: m.ID(), Overlay: m.company.picker}
}

func (m *Model) companyFoot() string {
	why := m.unknownCompanies()
	switch c := &m.company; {
	case why != "":
		return why
	case !c.read:
		return "loading the companies" + m.o.Theme.Glyphs.Ellipsis
	case c.err != nil:
		return "as of the last time: " + plain.Clean(c.err.Headline())
	case c.all.More:
		return "there are more companies than these"
	}
	return "type a part of the name; enter chooses"
}

func (m *Model) companyItems() []menu.Item {
	if m.company.all.Lacking {
		return nil
	}
	var items []menu.Item
	for i, c := range m.company.all.Items {
		detail := plain.Clean(text.Join(", ", c.City, c.State))
		if i < m.company.all.Recent {
			detail = text.Join(" · ", detail, "used lately")
		}
		items = append(items, menu.Item{ID: strconv.FormatInt(c.ID, 10), Text: plain.Clean(c.Name), Detail: detail,
			Checked: c.ID == m.company.chosen.ID, Msg: companyMsg{m.own(), c}})
	}
	return append(items, menu.Item{Text: "Create a new company" + m.o.Theme.Glyphs.Ellipsis, Always: true,
		Msg: nameCompanyMsg{m.own()}})
}

// askCompanyNumber asks for the number of the company where names cannot be read.
func (m *Model) askCompanyNumber() screen.Event {
	o := m.own()
	return screen.Open{When: screen.WhenFree, Over: m.ID(), Overlay: prompt.Open(prompt.Options{
		Title: "The service wants a company for a new contact",
		Note:  text.Capital(m.unknownCompanies()) + "; its number (" + companyField + ") does as well",
		Check: func(typed string) string {
			if companyNumber(typed) == 0 {
				return "the number of a company is digits only, such as 1204"
			}
			return ""
		},
		Submit: func(typed string) tea.Msg { return companyMsg{o, model.Company{ID: companyNumber(typed)}} },
	})}
}

// companyNumber is the number of a company, 0 for what is none.
func companyNumber(typed string) int64 {
	id, err := strconv.ParseInt(strings.TrimSpace(typed), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// setCompany makes a company that of the new contact.
func (m *Model) setCompany(c model.Company) {
	m.company.chosen = c
	if c.ID != 0 {
		m.extra = map[string]json.RawMessage{companyField: json.RawMessage(strconv.FormatInt(c.ID, 10))}
	}
	if m.form != nil {
		m.showNotes()
	}
}

func (m *Model) onCompany(c model.Company) (tea.Cmd, []screen.Event) {
	m.setCompany(c)
	if m.company.saves {
		m.company.saves = false
		return m.save()
	}
	if m.preview != nil {
		m.preview.SetNotes(m.previewNotes())
	}
	return m.keepSoon(), nil
}

// companyWords name the company that is chosen, "" for none.
func (m *Model) companyWords() string {
	raw, ok := m.extra[companyField]
	if !ok {
		return ""
	}
	words := companyField + " " + plain.Clean(string(raw))
	if name := plain.Clean(m.company.chosen.Name); name != "" {
		words = name + " (" + words + ")"
	}
	return words
}

// showNotes says below the form which company is chosen, and likely duplicates.
func (m *Model) showNotes() {
	notes := m.dups.notes
	key := m.o.Keys.Key(keymap.FormCompany)
	switch words := m.companyWords(); {
	case m.kind != work.DraftCreate:
	case words != "":
		notes = append([]string{"Company: " + words + " · " + key + " chooses another"}, notes...)
	case m.company.read && m.unknownCompanies() == "" && !m.company.all.FetchedAt.IsZero():
		notes = append([]string{"No company yet · " + key + " chooses one"}, notes...)
	}
	m.form.SetNotes(notes)
}

// nameCompany asks for the name of a new company, beginning with what was typed
// into the picker.
func (m *Model) nameCompany() []screen.Event {
	o := m.own()
	kind := model.CompanyLender
	if c, ok := m.form.Patch().Get(model.FieldType); ok && c.After.String() == model.TypeSponsor {
		kind = model.CompanySponsor
	}
	typed := ""
	if m.company.picker != nil {
		typed = strings.TrimSpace(m.company.picker.Value())
	}
	return []screen.Event{screen.Open{Over: m.ID(), Overlay: prompt.Open(prompt.Options{
		Title: "Name of the new company (" + kind + ")",
		Note:  "enter creates it, unless there is one of this name",
		Text:  typed,
		Done:  "create",
		Limit: 255,
		Check: func(name string) string {
			if strings.TrimSpace(name) == "" {
				return "a company needs a name"
			}
			return ""
		},
		Submit: func(name string) tea.Msg {
			return createCompanyMsg{o, work.NewCompany{Name: strings.TrimSpace(name), Type: kind}}
		},
	})}}
}

func createCompany(ctx context.Context, b Backend, c work.NewCompany, o own) tea.Cmd {
	return func() tea.Msg {
		saved, err := b.CreateCompany(ctx, c)
		return companyMadeMsg{o, saved, err}
	}
}

func (m *Model) createCompany(c work.NewCompany) (tea.Cmd, []screen.Event) {
	if m.o.ReadOnly != "" {
		return nil, []screen.Event{m.say(screen.Note, "read-only: "+m.o.ReadOnly)}
	}
	return createCompany(m.o.Context, m.o.Backend, c, m.own()), nil
}

func (m *Model) onCompanyMade(msg companyMadeMsg) (tea.Cmd, []screen.Event) {
	if msg.err != nil {
		e := model.AsError("create the company", msg.err)
		return nil, []screen.Event{screen.Say{Message: screen.Message{Owner: m.owner(), Level: screen.Failure,
			Text: "The company was not created: " + text.Error(e), Trace: text.Trace(e), Err: e}}}
	}
	words := "Created the company " + plain.Clean(msg.saved.Company.Name)
	if msg.saved.Nothing {
		words = "There is a company of this name already: " + plain.Clean(msg.saved.Company.Name)
	}
	cmd, events := m.onCompany(msg.saved.Company)
	return tea.Batch(cmd, m.readCompanies()), append(events, said(screen.Good, words))
}
