package web

import "strconv"

// share is one part of a whole, as a bar shows it.
type share struct {
	name    string // which colour it has
	label   string
	count   int64
	address string // of the rows behind the number; empty: none
}

// segment is a share's place in a bar of barLength.
type segment struct {
	name     string
	at, long string
}

const barLength = 1000

// segments lays the shares out one behind the other, the whole bar being full.
// Ends are rounded rather than lengths, so that nothing adds up.
func segments(shares []share, full int64) []segment {
	if full <= 0 {
		return nil
	}
	var all []segment
	sum := int64(0)
	for _, s := range shares {
		from, to := sum*barLength/full, (sum+s.count)*barLength/full
		sum += s.count
		if to > from {
			all = append(all, segment{name: s.name, at: strconv.FormatInt(from, 10), long: strconv.FormatInt(to-from, 10)})
		}
	}
	return all
}

func sumOf(shares []share) (sum int64) {
	for _, s := range shares {
		sum += s.count
	}
	return sum
}

// percent writes a part of a whole as 12.3 %.
func (v *view) percent(n, of int64) string {
	if of == 0 {
		return ""
	}
	return v.say("figures.percent", "number", strconv.FormatFloat(float64(n)*100/float64(of), 'f', 1, 64))
}
