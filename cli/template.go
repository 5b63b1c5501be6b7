package cli

import (
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
)

// templateChange is a Go template with helpers of the names that gh gives them.
type templateChange struct {
	app  *App
	tmpl *template.Template
	rows *[][]string // of tablerow, until they are written
}

func parseTemplate(text string, a *App) (change, error) {
	t := templateChange{app: a, rows: new([][]string)}
	tmpl, err := template.New("--template").Option("missingkey=zero").Funcs(t.helpers()).Parse(text)
	if err != nil {
		return nil, usagef("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	t.tmpl = tmpl
	return t, nil
}

func (t templateChange) write(w io.Writer, value any) error {
	if err := t.tmpl.Execute(w, value); err != nil {
		return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	_, err := io.WriteString(w, t.render())
	return err
}

func (t templateChange) helpers() template.FuncMap {
	same := func(_ string, v any) string { return textValue(v) }
	return template.FuncMap{
		"autocolor": same, "color": same, // the commands write no colors
		"hyperlink": func(_ string, v any) string { return textValue(v) },
		"join": func(sep string, list []any) string {
			words := make([]string, len(list))
			for i, v := range list {
				words[i] = textValue(v)
			}
			return strings.Join(words, sep)
		},
		"pluck": func(field string, list []any) (out []any) {
			for _, v := range list {
				if object, ok := v.(map[string]any); ok {
					out = append(out, object[field])
				}
			}
			return out
		},
		"tablerow": func(values ...any) string {
			row := make([]string, len(values))
			for i, v := range values {
				row[i] = textValue(v)
			}
			*t.rows = append(*t.rows, row)
			return ""
		},
		"tablerender": func() string { return t.render() },
		"timeago": func(v any) (string, error) {
			return t.withTime(v, func(at time.Time) string { return plain.Ago(at, t.app.Now()) })
		},
		"timefmt": func(layout string, v any) (string, error) {
			return t.withTime(v, func(at time.Time) string { return at.Format(layout) })
		},
		"truncate": func(width int, v any) string { return plain.Cut(textValue(v), width, "…") },
	}
}

// textValue is a value as text; null is none.
func textValue(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func (t templateChange) withTime(v any, show func(time.Time) string) (string, error) {
	text := textValue(v)
	if text == "" {
		return "", nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return "", fmt.Errorf("%q is not a moment such as 2026-02-20T16:45:00Z", text)
	}
	return show(at), nil
}

// render aligns the rows that wait.
func (t templateChange) render() string {
	rows := *t.rows
	*t.rows = nil
	return alignedText(rows)
}
