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
	wrong := errors.New("not a date; write 2026, 2026-02, 2026-02-14 or 2026-02-14T09:30")
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
