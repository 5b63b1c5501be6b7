// Package uitest has what the tests of the screens share: contacts, a counting
// service in memory, a clock, keys, and a way to run commands without a program.
package uitest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Dates and numbers are written in one way on every machine that runs the tests.
func init() { _ = os.Setenv("LC_ALL", "C.UTF-8") } // fails for no name of a variable

// Start is when every test begins.
func Start() time.Time { return time.Date(2026, 11, 20, 15, 4, 0, 0, time.UTC) }

// Person makes the i-th contact of a service.
func Person(i int) model.Contact {
	names := [][2]string{
		{"Sarah", "Chen"}, {"James", "Rodriguez"}, {"Priya", "Raman"},
		{"Tomás", "Aguilar"}, {"Wei", "Zhang"}, {"Dana", "Reyes"},
	}
	titles := []string{
		"Senior Vice President", "Managing Director", "Principal", "Managing Partner", "Director of Originations",
	}
	n := names[i%len(names)]
	last := n[1]
	if i >= len(names) {
		last += " " + strconv.Itoa(i)
	}
	kind := model.TypeLender
	if i%3 == 2 {
		kind = model.TypeSponsor
	}
	v := map[model.FieldID]model.Value{
		model.FieldPrimary: model.BoolValue(i%4 == 0), model.FieldConnected: model.BoolValue(true),
		model.FieldOwner: model.IntValue(56),
	}
	for f, text := range map[model.FieldID]string{
		model.FieldType: kind, model.FieldFirstName: n[0], model.FieldLastName: last,
		model.FieldEmail:      fmt.Sprintf("%s%d@meridiancapital.com", strings.ToLower(n[1]), i),
		model.FieldTitle:      titles[i%len(titles)],
		model.FieldDepartment: "Originations", model.FieldAddress: "1 Battery Park Plaza", model.FieldCity: "New York",
		model.FieldState: "NY", model.FieldZip: "10004", model.FieldLinkedIn: "https://linkedin.com/in/sarah-chen-cre",
		model.FieldCreated: "2025-09-01T11:00:00Z", model.FieldUpdated: "2026-02-20T16:45:00Z",
	} {
		v[f] = model.TextValue(text)
	}
	return model.NewContact(int64(78+i), v)
}

// Service answers from memory and counts. Refuse is asked first, by call:
// "page", "sort", "apart", "cursor C", "get", "fresh".
type Service struct {
	mu           sync.Mutex
	Contacts     []model.Contact
	Sorted       []model.Contact // what a sorted list answers, nil for Contacts
	NotConnected []model.Contact
	Refuse       map[string]error
	Calls        map[string]int
	Pages        []work.PageRequest
	Opening      work.Opening
	Log          []work.Exchange
	Noted        map[int64][]model.Note // by contact, nil for a service without notes
	Held         map[int64]work.Notes   // the notes of the local copy
	Firms        work.Companies
}

// NewService makes a service with n contacts.
func NewService(n int) *Service {
	s := &Service{Calls: map[string]int{}, Refuse: map[string]error{}}
	for i := range n {
		s.Contacts = append(s.Contacts, Person(i))
	}
	return s
}

// WithCache gives the service a local copy of its first n contacts.
func (s *Service) WithCache(n int, info work.CacheInfo) *Service {
	for _, c := range s.Contacts[:n] {
		s.Opening.Rows = append(s.Opening.Rows, c.Pack())
	}
	s.Opening.Info = info
	return s
}

// Synced describes a local copy of a full sync an hour before Start.
func Synced(total int) work.CacheInfo {
	at := Start().Add(-64 * time.Minute)
	newest := time.Date(2026, 2, 20, 16, 45, 0, 0, time.UTC)
	return work.CacheInfo{Total: total, SyncedAt: at, FreshAt: at, Newest: newest.Unix()}
}

// Call counts a call and gives its refusal.
func (s *Service) Call(name string) error {
	s.Calls[name]++
	return s.Refuse[name]
}

// Failed puts a failed attempt into the log of requests.
func (s *Service) Failed(at time.Time, path, problem string) {
	s.Log = append(s.Log, work.Exchange{At: at, Method: "GET", Path: path, Attempt: 1, Problem: problem})
}

func (s *Service) OpenCopy(context.Context) (work.Opening, error) { return s.Opening, nil }

func (s *Service) LoadCopy(context.Context, int64) ([]model.Packed, int64, error) { return nil, 0, nil }

func (s *Service) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Pages = append(s.Pages, r)
	if err := s.Call("page"); err != nil {
		return model.Page{}, err
	}
	if err := ctx.Err(); err != nil {
		return model.Page{}, &model.Error{Kind: model.KindCanceled, Cause: err}
	}
	all, from := s.Contacts, 0
	var err error
	switch c := r.List.Cursor(); {
	case r.List.Connection() == model.NotConnected:
		all, err = s.NotConnected, s.Call("apart")
	case !r.List.Sort().IsZero():
		if s.Sorted != nil {
			all = s.Sorted
		}
		from, err = r.List.Offset(), s.Call("sort")
	case c != "":
		err = s.Call("cursor " + c)
	}
	if err != nil {
		return model.Page{}, err
	}
	if b, _ := base64.StdEncoding.DecodeString(r.List.Cursor()); len(b) > 0 {
		from, _ = strconv.Atoi(string(b))
	}
	from = min(from, len(all))
	to := min(from+r.List.Limit(), len(all))
	p := model.Page{Rows: model.PackAll(all[from:to]...), Total: len(all), Limit: r.List.Limit(), HasMore: to < len(all)}
	if p.HasMore && r.List.Sort().IsZero() {
		p.NextCursor = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(to)))
	}
	return p, nil
}

func (s *Service) EndPass(context.Context) ([]int64, bool, error) { return nil, false, nil }

func (s *Service) MarkFresh(context.Context, int) error { return s.Call("fresh") }

func (s *Service) Contact(_ context.Context, id int64) (model.Contact, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.Call("get"); err != nil {
		return model.Contact{}, err
	}
	for _, c := range slices.Concat(s.Contacts, s.NotConnected) {
		if c.ID() == id {
			return c, nil
		}
	}
	return model.Contact{}, &model.Error{Kind: model.KindNotFound, Status: 404, Message: "Contact not found"}
}

// Notes answers with Noted; without any the service has no notes.
func (s *Service) Notes(ctx context.Context, id int64, _ time.Duration, p work.Priority) (work.Notes, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Noted == nil {
		return work.Notes{ContactID: id, Lacking: true}, nil
	}
	if err := errors.Join(s.Call("notes"), s.Call(fmt.Sprintf("notes %d %d", id, p)), ctx.Err()); err != nil {
		return work.Notes{ContactID: id}, err
	}
	return work.Notes{ContactID: id, Items: s.Noted[id], FetchedAt: Start()}, nil
}

func (s *Service) HeldNotes(context.Context) (map[int64]work.Notes, error) { return s.Held, nil }

func (s *Service) Companies(context.Context, time.Duration, work.Priority) (work.Companies, error) {
	all := s.Firms
	all.Lacking = len(all.Items) == 0
	return all, s.Call("companies")
}

func (s *Service) HeldCompanies(context.Context) (work.Companies, error) {
	return work.Companies{}, nil
}

func (s *Service) Quota() work.Quota { return work.Quota{Limit: 20, Left: 18} }

func (s *Service) Estimate(n int, _ work.Priority) time.Duration {
	return time.Duration(n) * 3 * time.Second
}

func (s *Service) Exchanges() []work.Exchange { return s.Log }

// Clock is a clock that stands still until time passes in it. Messages wanted
// later are delivered then.
type Clock struct {
	now    time.Time
	timers []timer
}

type timer struct {
	at  time.Time
	msg tea.Msg
}

// NewClock makes a clock at Start.
func NewClock() *Clock { return &Clock{now: Start()} }

func (c *Clock) Now() time.Time { return c.now }

// After keeps a message until its time has come.
func (c *Clock) After(d time.Duration, msg tea.Msg) tea.Cmd {
	c.timers = append(c.timers, timer{c.now.Add(d), msg})
	return nil
}

// Pass lets time pass and delivers what is due.
func (c *Clock) Pass(d time.Duration, deliver func(tea.Msg)) {
	end := c.now.Add(d)
	for {
		next := -1
		for i, t := range c.timers {
			if !t.at.After(end) && (next < 0 || t.at.Before(c.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		t := c.timers[next]
		c.timers = slices.Delete(c.timers, next, next+1)
		c.now = t.at
		deliver(t.msg)
	}
	c.now = end
}

// Run carries out a command at once, with batches and sequences unpacked.
// Messages of Bubble Tea itself are left out.
func Run(cmd tea.Cmd, deliver func(tea.Msg)) {
	if cmd == nil {
		return
	}
	msg := cmd()
	v := reflect.ValueOf(msg)
	switch {
	case msg == nil:
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]():
		for i := range v.Len() {
			Run(v.Index(i).Interface().(tea.Cmd), deliver)
		}
	case strings.HasPrefix(fmt.Sprintf("%T", msg), "tea."):
	default:
		deliver(msg)
	}
}

// Press makes a key by its name: "enter", "ctrl+s", "shift+tab", "space", "x".
func Press(k string) tea.KeyPressMsg {
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "home": tea.KeyHome,
		"end": tea.KeyEnd, "backspace": tea.KeyBackspace, "f1": tea.KeyF1,
	}
	if c, ok := named[k]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	switch rest, ctrl := strings.CutPrefix(k, "ctrl+"); {
	case k == "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case k == "shift+tab":
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	case ctrl:
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}
