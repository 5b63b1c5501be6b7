package search

import "strings"

// distance counts the letters that must be added, dropped, changed or swapped
// with their neighbour to make b of a (optimal string alignment); more than
// limit is limit+1.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	before, above, row := rows[0], rows[1], rows[2]
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := above[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit+1)
}

// nearestWord is the word that was probably meant, "" when none is close.
func nearestWord(word string, words []string) string {
	best, limit := "", 3
	for _, w := range words {
		most := min(limit-1, len(w)/3+1)
		if d := distance([]rune(word), []rune(w), most); d <= most {
			best, limit = w, d
		}
		if len(word) >= 2 && strings.HasPrefix(w, word) {
			return w
		}
	}
	return best
}
