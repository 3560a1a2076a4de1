package workbook

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// words lists what people write for each value of a column, folded by key.
type words map[string][]string

var genders = words{
	"boys":  {"boys", "boy", "male", "m", "males", "boysschool", "لڑکے", "بوائز", "مردانہ", "طلبہ"},
	"girls": {"girls", "girl", "female", "f", "females", "girlsschool", "لڑکیاں", "گرلز", "زنانہ", "طالبات"},
	"mixed": {"mixed", "mix", "coed", "coeducation", "coeducational", "both", "bothboysgirls", "boysgirls", "مخلوط"},
}

var levels = words{
	"primary": {
		"primary", "mosque", "maktab", "masjidmaktab", "mosqueschool", "primaryschool", "communityschool", "sprimary", "پرائمری",
	},
	"middle":           {"middle", "elementary", "lowersecondary", "middleschool", "elementaryschool", "مڈل", "ایلیمنٹری"},
	"high":             {"high", "secondary", "highschool", "matric", "ہائی", "سیکنڈری", "ثانوی"},
	"higher_secondary": {"highersecondary", "highersec", "hss", "highersecondaryschool", "intermediate", "college", "modelcollege", "intercollege", "ہائیر سیکنڈری", "اعلی ثانوی"},
}

var answers = words{
	"yes": {"yes", "y", "1", "true", "available", "have", "ہاں", "جی ہاں", "ہے", "موجود"},
	"no":  {"no", "n", "0", "false", "notavailable", "none", "nil", "نہیں", "جی نہیں", "غیر موجود"},
}

var states = words{
	"active": {"active", "open", "functional", "operational", "فعال"},
	"closed": {"closed", "nonfunctional", "notfunctional", "inactive", "بند", "غیر فعال"},
	"merged": {"merged", "consolidated", "ضم"},
}

// dictionary finds a value by what was written.
type dictionary map[string]string

func (w words) dictionary() dictionary {
	d := dictionary{}
	for value, all := range w {
		d[key(value)] = value
		for _, word := range all {
			d[key(word)] = value
		}
	}
	return d
}

// find looks a text up. The answer is kept under the text as it was written, so
// that a column of few values is folded once for each.
func (d dictionary) find(text string) (string, bool) {
	if v, ok := d[text]; ok {
		return v, true
	}
	v, ok := d[key(text)]
	if ok {
		d[strings.Clone(text)] = v
	}
	return v, ok
}

// offers are what the words stand for, in order, those first that a text may be a
// slip of; likeliest is the first of these, if there is one.
func (d dictionary) offers(text string) (all []string, likeliest string) {
	const most = 3
	near := nearest(key(text), slices.Sorted(maps.Keys(d)), most)
	for _, word := range near {
		if v := d[word]; !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	if len(all) > 0 {
		likeliest = all[0]
	}
	for _, v := range slices.Sorted(maps.Values(d)) {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	for i, v := range all {
		all[i] = strings.ReplaceAll(v, "_", " ") // as people write it
	}
	return all, strings.ReplaceAll(likeliest, "_", " ")
}

// grades are the classes that end each level of school.
var grades = []struct {
	last  int
	level string
}{{5, "primary"}, {8, "middle"}, {10, "high"}, {16, "higher_secondary"}}

var romans = map[string]int{
	"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14,
}

// levelOfClasses reads a range of classes, such as VI-X or 1 to 5, as the level
// of the highest.
func levelOfClasses(s string) (string, bool) {
	s = strings.NewReplacer(" to ", "-", "–", "-", "—", "-", " ", "").Replace(strings.ToLower(latinDigits(s)))
	_, last, found := strings.Cut(s, "-")
	if !found {
		return "", false
	}
	n := romans[last]
	if n == 0 && len(last) <= 2 && digits(last) {
		n, _ = strconv.Atoi(last)
	}
	for _, g := range grades {
		if n > 0 && n <= g.last {
			return g.level, true
		}
	}
	return "", false
}
