package plain

import (
	"strconv"
	"time"
)

// Ago describes how long before now a moment was, in the largest unit of which at
// least one has passed: "11 months ago" until a year is full by the calendar,
// then "1 year ago". Less than a minute in either direction is "a moment ago".
func Ago(t, now time.Time) string {
	from, to, way := t, now.In(t.Location()), " ago"
	if to.Before(from) {
		from, to, way = to, from, " from now"
	}
	n, unit := passed(from, to)
	switch {
	case n == 0:
		return "a moment ago"
	case n > 1:
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit + way
}

const day = 24 * time.Hour

// passed is the largest unit of which at least one lies between two moments,
// and how many do.
func passed(from, to time.Time) (n int, unit string) {
	if months := monthsBetween(from, to); months >= 12 {
		return months / 12, "year"
	} else if months > 0 {
		return months, "month"
	}
	d := to.Sub(from)
	switch {
	case d >= 7*day:
		return int(d / (7 * day)), "week"
	case d >= day:
		return int(d / day), "day"
	case d >= time.Hour:
		return int(d / time.Hour), "hour"
	default:
		return int(d / time.Minute), "minute"
	}
}

// monthsBetween counts the whole months from one day to a later one. The time
// of day does not count: it is not shown where the date is.
func monthsBetween(from, to time.Time) int {
	date := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	from, to = date(from), date(to)
	n := 12*(to.Year()-from.Year()) + int(to.Month()-from.Month())
	for n > 0 && from.AddDate(0, n, 0).After(to) {
		n--
	}
	return n
}
