package cli

import (
	"fmt"
	"io"
	"strings"
)

// A cellReader reads separated values as spreadsheets and this program write
// them. Unlike encoding/csv it keeps every character of a quoted cell, line
// ends too, takes a quote inside an unquoted cell as it is, and knows lines.
type cellReader struct {
	rest  string
	comma byte
	ends  string // of a line: "\r" in old files of the Macintosh
	line  int    // of the file, from 1
}

func newCellReader(text string) *cellReader {
	text = strings.TrimSuffix(text, "\x1a") // the end of a file, on DOS
	r := &cellReader{rest: text, ends: "\n", line: 1}
	if !strings.Contains(text, "\n") {
		r.ends = "\r"
	}
	head, rest, _ := strings.Cut(text, r.ends)
	if sep, ok := strings.CutPrefix(strings.TrimRight(head, "\r"), "sep="); ok && len(sep) == 1 {
		r.rest, r.comma, r.line = rest, sep[0], 2
		return r
	}
	// A comma, unless there are more semicolons or tabs in the first line.
	r.comma = ','
	for _, c := range []byte(";\t") {
		if strings.Count(head, string(c)) > strings.Count(head, string(r.comma)) {
			r.comma = c
		}
	}
	return r
}

// read gives the cells of the next line, and the line where they begin. A line
// without a character is one empty cell.
func (r *cellReader) read() (cells []string, line int, err error) {
	if r.rest == "" {
		return nil, r.line, io.EOF
	}
	line = r.line
	for {
		cell, more, err := r.cell()
		if err != nil {
			return nil, line, err
		}
		if cells = append(cells, cell); !more {
			return cells, line, nil
		}
	}
}

// cell gives one cell and whether another one follows it in this line.
func (r *cellReader) cell() (cell string, more bool, err error) {
	if text, quoted := strings.CutPrefix(r.rest, `"`); quoted {
		if cell, err = r.quoted(text); err != nil {
			return "", false, err
		}
	} else {
		end := strings.IndexAny(r.rest, string(r.comma)+r.ends)
		if end < 0 {
			end = len(r.rest)
		}
		cell, r.rest = r.rest[:end], r.rest[end:]
		if r.ends == "\n" && !strings.HasPrefix(r.rest, string(r.comma)) {
			cell = strings.TrimSuffix(cell, "\r")
		}
	}
	switch {
	case r.rest == "":
		return cell, false, nil
	case r.rest[0] == r.comma:
		r.rest = r.rest[1:]
		return cell, true, nil
	}
	r.rest = strings.TrimPrefix(r.rest, "\r")
	if r.ends == "\n" {
		r.rest = strings.TrimPrefix(r.rest, "\n")
	}
	r.line++
	return cell, false, nil
}

// quoted reads a cell up to its closing quote.
func (r *cellReader) quoted(text string) (string, error) {
	var b strings.Builder
	for {
		part, rest, closed := strings.Cut(text, `"`)
		b.WriteString(part)
		if !closed {
			return "", fmt.Errorf("line %d: a quote is not closed", r.line)
		}
		text = rest
		if again, doubled := strings.CutPrefix(text, `"`); doubled {
			b.WriteByte('"')
			text = again
			continue
		}
		cell := b.String()
		if text != "" && text[0] != r.comma && !strings.HasPrefix(text, r.ends) && !strings.HasPrefix(text, "\r"+r.ends) {
			return "", fmt.Errorf("line %d: text follows a closing quote", r.line+strings.Count(cell, r.ends))
		}
		r.rest = text
		r.line += strings.Count(cell, r.ends)
		return cell, nil
	}
}

// quotedCell writes a cell so that [cellReader] and spreadsheets read just it.
// Where tabs separate, a quote is one only at the beginning of a cell.
func quotedCell(text string, comma byte) string {
	special := text != "" && (text[0] == '"' || text[0] == ' ') || strings.ContainsAny(text, "\r\n\t") || strings.IndexByte(text, comma) >= 0
	if comma != '\t' {
		special = special || strings.ContainsAny(text, "\";")
	}
	if !special {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
