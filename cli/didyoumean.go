package cli

import "strings"

// choices ends the sentence that a word is none of those that may stand there:
// with the one that was meant, or with all of them.
func choices(word string, all []string) string {
	if text := meant(word, all); text != "" || len(all) == 0 {
		return text
	}
	return "; choose from " + strings.Join(all, ", ")
}

// meant ends a sentence with the word that was meant, if one is near.
func meant(word string, all []string) string {
	if near := nearest(word, all); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// nearest is the word that differs least from what was typed, "" when none is
// near.
func nearest(typed string, words []string) string {
	best, least := "", 3
	if len(typed) < 5 {
		least = 2
	}
	for _, word := range words {
		d := distance(foldName(typed), foldName(word))
		if d < least || len(typed) > 2 && strings.HasPrefix(foldName(word), foldName(typed)) && least > 1 {
			best, least = word, min(d, 1)
		}
	}
	return best
}

// distance counts the characters to insert, drop, replace or swap.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(x)][len(y)]
}
