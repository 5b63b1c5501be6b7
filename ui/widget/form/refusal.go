package form

import (
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// line is one line of words under a field or at the head of a form.
type line struct {
	text string // cleaned
	role theme.Role
}

// wrapped breaks text of unknown content into at most most lines of w cells.
func wrapped(s string, role theme.Role, w, most int, t theme.Theme) []line {
	s = strings.TrimSpace(plain.Clean(s))
	if s == "" || w <= 0 || most <= 0 {
		return nil
	}
	var out []line
	for i, l := range plain.Wrap(s, w) {
		if i == most {
			last := &out[most-1]
			last.text = plain.Cut(last.text, w-plain.Width(t.Glyphs.Ellipsis), "") + t.Glyphs.Ellipsis
			break
		}
		out = append(out, line{l, role})
	}
	return out
}

// flagged is wrapped text after a sign that asks for attention.
func flagged(s string, role theme.Role, w, most int, t theme.Theme) []line {
	sign := t.Glyphs.Warn + " "
	out := wrapped(s, role, w-plain.Width(sign), most, t)
	for i := range out {
		out[i].text = sign + out[i].text
		sign = plain.Blank(plain.Width(sign))
	}
	return out
}

// refusal is what the service said against a save.
type refusal struct {
	headline, message, advice string
	status, request           string // for people who look into it
	code                      string // the number of status alone
}

func refusalOf(e *model.Error) refusal {
	r := refusal{headline: e.Headline(), message: text.WithoutMarkup(e.Message), advice: e.Advice(),
		request: e.RequestID}
	if e.Status != 0 {
		r.code = strconv.Itoa(e.Status)
		r.status = strings.TrimSpace(r.code + " " + e.Type)
	}
	if r.message == "" && e.Cause != nil {
		r.message = e.Cause.Error()
	}
	return r
}

// beside is the same failure for one field that the service named.
func (r refusal) beside(said string) refusal {
	for _, s := range []string{r.message, r.headline} {
		if strings.TrimSpace(said) == "" {
			said = s
		}
	}
	return refusal{headline: said, status: r.status, code: r.code, request: r.request}
}

// lines are the refusal in at most n lines of w cells. When there is too
// little room the advice goes first, then the end of the message: what
// happened and the request id stay longest.
func (r refusal) lines(w, n int, t theme.Theme) []line {
	blocks := [...][]line{
		flagged(r.headline, theme.Danger, w, 4, t),
		wrapped(r.message, theme.Text, w, 4, t),
		wrapped(r.advice, theme.Dim, w, 3, t),
		r.traceLines(w, t),
	}
	limit := [len(blocks)]int{}
	for _, i := range [...]int{0, 3, 1, 2} {
		limit[i] = min(len(blocks[i]), n)
		n -= limit[i]
	}
	var out []line
	for i, b := range blocks {
		out = append(out, shorten(b, limit[i], w, t)...)
	}
	return out
}

// traceLines keeps a request ID on one line where it fits, so that it can be
// selected with the mouse.
func (r refusal) traceLines(w int, t theme.Theme) []line {
	if r.request == "" {
		return wrapped(r.status, theme.Dim, w, 2, t)
	}
	request := "request " + r.request
	for _, s := range []string{joined(t, r.status, request), joined(t, r.code, request), request, "id " + r.request} {
		if plain.Width(plain.Clean(s)) <= w {
			return wrapped(s, theme.Dim, w, 1, t)
		}
	}
	return wrapped(r.request, theme.Dim, w, 3, t)
}

// shorten keeps the first n lines and says when some were left out.
func shorten(b []line, n, w int, t theme.Theme) []line {
	if n <= 0 {
		return nil
	}
	if len(b) <= n {
		return b
	}
	b = append([]line(nil), b[:n]...)
	b[n-1].text = plain.Cut(b[n-1].text, w-plain.Width(t.Glyphs.Ellipsis), "") + t.Glyphs.Ellipsis
	return b
}

// lastName is a service's word for a field without the path that may stand
// before it: "email" for "contact.email".
func lastName(name string) string { return name[strings.LastIndexAny(name, "./")+1:] }
