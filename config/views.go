package config

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxViewName     = 60
	maxFilter       = 500
	badFilter       = "is too long or holds control characters"
	allowedFilter   = "one line of at most 500 bytes"
	allowedViewName = "1 to 60 printable characters without blanks around them"
)

// views checks a [views] table; profile is empty for those of all profiles.
func (c *checker) views(it *item, path, profile string) []View {
	if it.val.kind != isTable {
		c.wrongType(it.val, path, "a table of views", "[views.NAME]")
		return nil
	}
	var views []View
	for _, entry := range it.val.table.items {
		at := path + "." + tomlKey(entry.key)
		if viewNameFault(entry.key) {
			c.add(entry.keyAt, at, "", "is not a name for a view", allowedViewName)
			continue
		}
		if entry.val.kind != isTable {
			c.wrongType(entry.val, at, "a table", "filter, sort, columns")
			continue
		}
		v := View{Name: entry.key, Origin: c.origin(entry.keyAt, profile)}
		for _, part := range entry.val.table.items {
			c.viewPart(part, at+"."+tomlKey(part.key), &v)
		}
		views = append(views, v)
	}
	return views
}

func viewNameFault(name string) bool {
	return name == "" || !utf8.ValidString(name) || len([]rune(name)) > maxViewName || strings.TrimSpace(name) != name ||
		strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

func filterFault(text string) bool {
	return len(text) > maxFilter || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
}

func (c *checker) viewPart(it *item, path string, v *View) {
	if it.key != "columns" && it.val.kind != isText && (it.key == "filter" || it.key == "sort") {
		c.wrongType(it.val, path, "text in quotes", "")
		return
	}
	switch it.key {
	case "columns":
		v.Columns, _ = c.columnList(it.val, path)
	case "filter":
		if filterFault(it.val.text) {
			c.add(it.val.at, path, c.shown(it.val, path), badFilter, allowedFilter)
			return
		}
		v.Filter = it.val.text
	case "sort":
		column := strings.TrimPrefix(it.val.text, "-")
		if it.val.text != "" && !c.isColumn(column) {
			c.add(it.val.at, path, c.shown(it.val, path), "no column has this name"+didYouMean(column, c.columns),
				"a column, with - before it for descending: "+c.allowedColumns())
			return
		}
		v.Sort = it.val.text
	default:
		names := []string{"filter", "sort", "columns"}
		c.add(it.keyAt, path, c.shown(it.val, path), "a view has no such part"+didYouMean(it.key, names), strings.Join(names, ", "))
	}
}
