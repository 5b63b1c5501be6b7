package cli

import (
	"strconv"

	"github.com/levcontacts/levcontacts/model"
)

// cardRows reads vCards of the versions 2.1, 3.0 and 4.0, one after the other.
func cardRows(text string, m mapping) ([]row, error) {
	cards, err := model.ParseVCards(text)
	if err != nil {
		return nil, err
	}
	var rows []row
	for i, card := range cards {
		r := row{given: newGiven(), number: i + 1, line: card.Line}
		for f, text := range card.Draft {
			r.set(f, text)
		}
		if card.ID != 0 {
			r.id = strconv.FormatInt(card.ID, 10)
		}
		for _, left := range card.Left {
			r.notes = append(r.notes, "left out: "+left)
		}
		r.setAll(m.set)
		rows = append(rows, r)
	}
	return rows, nil
}
