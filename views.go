package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/widget/list"
	"github.com/levcontacts/levcontacts/work"
)

// views are the named views of the profile.
type views struct{ cfg *config.Config }

// Views lists those of the profile.
func (v views) Views() ([]work.View, error) {
	var out []work.View
	for _, one := range v.cfg.Views {
		w := work.View{Name: one.Name, Sort: sortOf(one.Sort), Columns: one.Columns}
		w.Filter, w.Search = splitFilter(one.Filter)
		out = append(out, w)
	}
	return out, nil
}

// SaveView saves a view of the profile.
func (v views) SaveView(w work.View) error {
	one := config.View{Name: w.Name, Filter: joinFilter(w.Filter, w.Search), Columns: w.Columns}
	if !w.Sort.IsZero() {
		one.Sort = w.Sort.Param()
	}
	if err := config.SaveView(v.cfg.Paths, v.cfg.Profile.Value, one); err != nil {
		return err
	}
	for i := range v.cfg.Views {
		if v.cfg.Views[i].Name == one.Name {
			v.cfg.Views[i] = one
			return nil
		}
	}
	v.cfg.Views = append(v.cfg.Views, one)
	return nil
}

// RemoveView removes a view of the profile, unless it stands in the
// configuration file.
func (v views) RemoveView(name string) error {
	found, err := config.RemoveView(v.cfg.Paths, v.cfg.Profile.Value, name)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("it stands in %s, where you can remove it", v.cfg.Paths.ConfigFile())
	}
	v.cfg.Views = slices.DeleteFunc(v.cfg.Views, func(one config.View) bool { return one.Name == name })
	return nil
}

// filterSeparator stands between a filter and a search in the one line of a view.
const filterSeparator = " / "

// joinFilter writes what is filtered and what is searched as one line, such as
// "state=NY,CA / chen".
func joinFilter(filter, query string) string {
	if filter == "" || query == "" {
		return filter + query
	}
	return filter + filterSeparator + query
}

// splitFilter reads such a line. A line that is not a filter is a search, so
// that a view can be written by hand.
func splitFilter(text string) (filter, query string) {
	if _, err := search.ParseFilter(text); err == nil {
		return text, ""
	}
	if left, right, found := strings.Cut(text, filterSeparator); found {
		if _, err := search.ParseFilter(left); err == nil {
			return left, right
		}
	}
	return "", text
}

// sortOf reads a view's order: a column, with - before it for descending. The
// configuration has checked that there is such a column.
func sortOf(text string) model.Sort {
	name, desc := strings.CutPrefix(text, "-")
	column, ok := list.ColumnByName(name)
	if !ok {
		return model.Sort{}
	}
	return model.Sort{Field: column.Field, Desc: desc}
}
