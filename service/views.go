package service

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Views lists the named views.
func (s *Service) Views(ctx context.Context) ([]work.View, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.o.Views.Views()
}

// SaveView keeps a view under its name; one of that name is replaced.
func (s *Service) SaveView(ctx context.Context, v work.View) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.o.Views.SaveView(v)
}

// RemoveView removes a named view. The error says where it stands when it cannot.
func (s *Service) RemoveView(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.o.Views.RemoveView(name)
}

// passingViews are the named views of one run.
type passingViews struct {
	mu    sync.Mutex
	views []work.View
}

func (p *passingViews) Views() ([]work.View, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.views), nil
}

func (p *passingViews) SaveView(v work.View) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.views = slices.DeleteFunc(p.views, func(o work.View) bool { return o.Name == v.Name })
	p.views = append(p.views, v)
	return nil
}

func (p *passingViews) RemoveView(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.views = slices.DeleteFunc(p.views, func(o work.View) bool { return o.Name == name })
	return nil
}

// RememberView notes what is shown, for LastView.
func (s *Service) RememberView(ctx context.Context, v work.View) error {
	text, err := json.Marshal(keptView{v.Search, v.Filter, sortText(v.Sort), v.Columns})
	if err != nil {
		return err
	}
	return s.Remember(ctx, factView, string(text))
}

// LastView is what RememberView noted last, the zero View for nothing.
func (s *Service) LastView(ctx context.Context) (work.View, error) {
	text, err := s.Recall(ctx, factView)
	if err != nil || text == "" {
		return work.View{}, err
	}
	var k keptView
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return work.View{}, nil // noted by another version, and not shown
	}
	return work.View{Search: k.Search, Filter: k.Filter, Sort: parseSort(k.Sort), Columns: k.Columns}, nil
}

// keptView is a view in a form that does not change with the field table.
type keptView struct {
	Search  string   `json:"search,omitempty"`
	Filter  string   `json:"filter,omitempty"`
	Sort    string   `json:"sort,omitempty"`
	Columns []string `json:"columns,omitempty"`
}

func sortText(s model.Sort) string {
	if s.IsZero() {
		return ""
	}
	return s.Param()
}

func parseSort(text string) model.Sort {
	var s model.Sort
	if text != "" && text[0] == '-' {
		s.Desc, text = true, text[1:]
	}
	f, ok := model.FieldByName(text)
	if !ok {
		return model.Sort{}
	}
	s.Field = f.ID
	return s
}
