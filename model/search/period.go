package search

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// errUnfinished says that typing has not got far enough to mean anything.
var errUnfinished = errors.New("unfinished")

// bounds is a range of integers, both ends included: ids, account numbers, or
// seconds since 1970.
type bounds struct{ from, to int64 }

func (b bounds) holds(n int64) bool { return b.from <= n && n <= b.to }

// parseBounds reads "x", ">x", ">=x", "<x", "<=x", "x..y", "x.." and "..y",
// where read turns one of the operands into what it covers.
func parseBounds(s string, read func(string) (bounds, error)) (bounds, error) {
	all := bounds{math.MinInt64, math.MaxInt64}
	if low, high, ok := strings.Cut(s, ".."); ok {
		out := all
		if low != "" {
			b, err := read(low)
			if err != nil {
				return all, err
			}
			out.from = b.from
		}
		if high != "" {
			b, err := read(high)
			if err != nil {
				return all, err
			}
			out.to = b.to
		}
		if low == "" && high == "" {
			return all, errUnfinished
		}
		return out, nil
	}
	operand := strings.TrimLeft(s, "<>=")
	if operand == "" {
		return all, errUnfinished
	}
	b, err := read(strings.TrimSuffix(operand, ".")) // of a range that is being typed
	if err != nil {
		return all, err
	}
	switch s[:len(s)-len(operand)] {
	case "", "=":
		return b, nil
	case ">":
		return bounds{b.to + 1, all.to}, nil
	case ">=":
		return bounds{b.from, all.to}, nil
	case "<":
		return bounds{all.from, b.from - 1}, nil
	case "<=":
		return bounds{all.from, b.to}, nil
	default:
		return all, errors.New("compare with >, >=, <, <= or a range such as 10..20")
	}
}

// readInt covers one number.
func readInt(s string) (bounds, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n == math.MinInt64 || n == math.MaxInt64 {
		return bounds{}, errors.New("not a whole number")
	}
	return bounds{n, n}, nil
}

// readPeriod covers what a date says: a year, a month, a day, an hour, a
// minute, a second, or the second of a moment with a zone. A date that is
// still being typed covers what its finished parts say.
func readPeriod(s string, zone *time.Location) (bounds, error) {
	const shape = "2006-01-02T15:04:05"
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return bounds{t.Unix(), t.Unix()}, nil
	}
	wrong := errors.New("not a date; write 2026, 2026-02, 2026-02-14, 2026-02-14T09:30, today, last-month or <30d")
	if len(s) > len(shape) {
		return bounds{}, wrong
	}
	for i := range len(s) {
		digit := '0' <= s[i] && s[i] <= '9'
		if wantDigit := '0' <= shape[i] && shape[i] <= '9'; digit != wantDigit || !digit && s[i] != shape[i] {
			return bounds{}, wrong
		}
	}
	for _, part := range []struct {
		length int
		end    func(time.Time) time.Time
	}{
		{19, func(t time.Time) time.Time { return t.Add(time.Second) }},
		{16, func(t time.Time) time.Time { return t.Add(time.Minute) }},
		{13, func(t time.Time) time.Time { return t.Add(time.Hour) }},
		{10, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
		{7, func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
		{4, func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	} {
		if len(s) < part.length {
			continue
		}
		t, err := time.ParseInLocation(shape[:part.length], s[:part.length], zone)
		if err != nil {
			return bounds{}, wrong
		}
		return bounds{t.Unix(), part.end(t).Unix() - 1}, nil
	}
	return bounds{}, errUnfinished
}

// readTime reads a comparison with a date or an age.
func (p Parser) readTime(text string) (bounds, error) {
	zone, now := p.Zone, time.Now
	if zone == nil {
		zone = time.UTC
	}
	if p.Now != nil {
		now = p.Now
	}
	at := now().In(zone)
	if b, ok := readAge(strings.ToLower(text), at); ok {
		return b, nil
	}
	return parseBounds(text, func(s string) (bounds, error) {
		if b, err := namedPeriod(strings.ToLower(s), at); err == nil || errors.Is(err, errUnfinished) {
			return b, err
		}
		return readPeriod(s, zone)
	})
}

// readAge reads "<30d" (younger than 30 days, as "30d"), ">1y" (older than a
// year) and "30d..90d" (between the two).
func readAge(s string, now time.Time) (bounds, bool) {
	all := bounds{math.MinInt64, math.MaxInt64}
	if low, high, ok := strings.Cut(s, ".."); ok {
		young, ok1 := ageBefore(low, now)
		old, ok2 := ageBefore(high, now)
		return bounds{min(old, young), max(old, young)}, ok1 && ok2
	}
	age := strings.TrimLeft(s, "<>=")
	t, ok := ageBefore(age, now)
	if !ok {
		return all, false
	}
	switch s[:len(s)-len(age)] {
	case "", "<", "<=":
		return bounds{t, all.to}, true
	case ">", ">=":
		return bounds{all.from, t}, true
	default:
		return all, false
	}
}

// ageBefore is the moment an age ago, such as 30d, 6m or 12h.
func ageBefore(s string, now time.Time) (int64, bool) {
	if len(s) < 2 {
		return 0, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || n < 0 || n > 10_000 {
		return 0, false
	}
	switch s[len(s)-1] {
	case 'h':
		return now.Add(-time.Duration(n) * time.Hour).Unix(), true
	case 'd':
		return now.AddDate(0, 0, -n).Unix(), true
	case 'w':
		return now.AddDate(0, 0, -7*n).Unix(), true
	case 'm':
		return now.AddDate(0, -n, 0).Unix(), true
	case 'y':
		return now.AddDate(-n, 0, 0).Unix(), true
	}
	return 0, false
}

// namedPeriod covers today, yesterday, and this or last week, month or year.
// Weeks begin on Monday. A name that is still being typed is errUnfinished.
func namedPeriod(s string, now time.Time) (bounds, error) {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	week := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	month := day.AddDate(0, 0, 1-day.Day())
	year := time.Date(now.Year(), 1, 1, 0, 0, 0, 0, now.Location())
	for _, p := range []struct {
		name     string
		from, to time.Time
	}{
		{"today", day, day.AddDate(0, 0, 1)},
		{"yesterday", day.AddDate(0, 0, -1), day},
		{"this-week", week, week.AddDate(0, 0, 7)},
		{"last-week", week.AddDate(0, 0, -7), week},
		{"this-month", month, month.AddDate(0, 1, 0)},
		{"last-month", month.AddDate(0, -1, 0), month},
		{"this-year", year, year.AddDate(1, 0, 0)},
		{"last-year", year.AddDate(-1, 0, 0), year},
	} {
		switch {
		case s == p.name:
			return bounds{p.from.Unix(), p.to.Unix() - 1}, nil
		case s != "" && strings.HasPrefix(p.name, s):
			return bounds{}, errUnfinished
		}
	}
	return bounds{}, errors.New("no such period")
}
