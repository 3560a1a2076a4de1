package demo_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"pgregory.net/rapid"
)

func schools(t rapid.TB, seed uint64, n int) []atlas.Place {
	t.Helper()
	list, err := demo.Schools(seed, n)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// emisShapes are the codes of each province.
var emisShapes = map[fleet.PlaceCode]*regexp.Regexp{
	"PK1": regexp.MustCompile(`^[0-9]{6}$`),
	"PK2": regexp.MustCompile(`^[0-9]{4,5}$`),
	"PK3": regexp.MustCompile(`^[0-9]{5}$`),
	"PK4": regexp.MustCompile(`^[0-9]{3}$`),
	"PK5": regexp.MustCompile(`^[0-9]{5}$`),
	"PK6": regexp.MustCompile(`^3[0-9]{7}$`),
	"PK7": regexp.MustCompile(`^4[0-9]{8}$`),
}

func TestAnyNumberOfSchoolsHasCodesOfItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6_000).Draw(t, "schools")
		checkCodes(t, schools(t, rapid.Uint64().Draw(t, "seed"), n), n)
	})
}

func TestTheMostSchoolsHaveCodesOfTheirOwn(t *testing.T) {
	checkCodes(t, schools(t, 1, demo.MaxSchools), demo.MaxSchools)
}

func checkCodes(t rapid.TB, list []atlas.Place, want int) {
	t.Helper()
	if len(list) != want {
		t.Fatalf("%d schools, want %d", len(list), want)
	}
	codes := make(map[fleet.PlaceCode]bool, len(list))
	for _, s := range list {
		province := s.Parent[:3]
		if shape := emisShapes[province]; shape == nil || !shape.MatchString(s.EMIS) {
			t.Fatalf("%s: EMIS code %q has the wrong shape", province, s.EMIS)
		}
		if s.Code != province+"-"+fleet.PlaceCode(s.EMIS) || codes[s.Code] {
			t.Fatalf("code %q of EMIS %q is wrong or used twice", s.Code, s.EMIS)
		}
		codes[s.Code] = true
	}
}

func TestPunjabsCodesBeginWithTheDistrict(t *testing.T) {
	prefixes := map[fleet.PlaceCode]string{}
	owners := map[string]fleet.PlaceCode{}
	for _, s := range schools(t, 1, demo.DefaultSchools) {
		if district := s.Parent[:5]; s.Parent[:3] == "PK6" {
			prefix := s.EMIS[:3]
			if owner := owners[prefix]; owner != "" && owner != district || prefixes[district] != "" && prefixes[district] != prefix {
				t.Fatalf("district %s shares the prefix %s with %s", district, prefix, owner)
			}
			prefixes[district], owners[prefix] = prefix, district
		}
	}
	if prefixes["PK630"] != "373" {
		t.Errorf("Rawalpindi's codes begin with %q, want 373", prefixes["PK630"])
	}
}

func TestEveryDistrictHasSchools(t *testing.T) {
	count := map[fleet.PlaceCode]int{}
	for _, s := range schools(t, 1, demo.DefaultSchools) {
		count[s.Parent[:5]]++
	}
	if len(count) != 160 || count["PK800"] != 0 {
		t.Errorf("%d districts have schools, want all 160 but that of Jammu & Kashmir", len(count))
	}
	for code, n := range count {
		if n < 4 {
			t.Errorf("%s has only %d schools", code, n)
		}
	}
	if count["PK617"] < 10*count["PK306"] {
		t.Errorf("Lahore has %d schools and Hunza %d: that does not go by population", count["PK617"], count["PK306"])
	}
}

func TestSchoolsAreWhereTheirTehsilIs(t *testing.T) {
	c, err := atlas.Load()
	if err != nil {
		t.Fatal(err)
	}
	places := map[fleet.PlaceCode]atlas.Place{}
	for p := range c.Places() {
		places[p.Code] = p
	}
	for _, s := range schools(t, 1, 20_000) {
		if s.Latitude < 23.7 || s.Latitude > 37.1 || s.Longitude < 60.9 || s.Longitude > 77.8 {
			t.Errorf("%s %s is outside Pakistan: %v, %v", s.Code, s.Name, s.Latitude, s.Longitude)
		}
		tehsil := places[s.Parent]
		if far := max(abs(s.Latitude-tehsil.Latitude), abs(s.Longitude-tehsil.Longitude)); tehsil.Kind != fleet.Tehsil || far > 0.9 {
			t.Errorf("%s %s is %v degrees away from %s", s.Code, s.Name, far, tehsil.Name)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func TestSchoolsHaveBelievableFacts(t *testing.T) {
	phone := regexp.MustCompile(`^0300-000[0-9]{4}$`)
	seen := map[string]int{}
	for _, s := range schools(t, 1, demo.DefaultSchools) {
		if !phone.MatchString(s.Phone) {
			t.Errorf("%s has the phone number %q, which may be somebody's", s.Code, s.Phone)
		}
		if s.Enrolment < 5 || s.Enrolment > 6_000 {
			t.Errorf("%s has %d pupils", s.Code, s.Enrolment)
		}
		if s.Internet == fleet.Yes && s.Electricity != fleet.Yes {
			t.Errorf("%s has internet without electricity", s.Code)
		}
		seen[s.Level]++
		seen[s.Gender]++
		seen["electricity "+s.Electricity.String()]++
		seen["internet "+s.Internet.String()]++
	}
	for _, fact := range []string{
		"primary", "middle", "high", "higher_secondary", "boys", "girls", "mixed",
		"electricity yes", "electricity no", "electricity ", "internet yes", "internet no", "internet ",
	} {
		if seen[fact] < 20 {
			t.Errorf("only %d schools: %s", seen[fact], fact)
		}
	}
}

func TestBothNamesOfASchoolSayTheSame(t *testing.T) {
	inUrdu := map[string]string{
		"Chak": "چک", "Killi": "کلی", "Goth": "گوٹھ", "Dhok": "ڈھوک", "Colony": "کالونی", "Khan": "خان", "Haji": "حاجی",
		"Muhammad": "محمد", "No.": "نمبر", "Kakar": "کاکڑ", "GB": "گ ب", "Banda": "بانڈہ",
	}
	urduDigits := strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴", "5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹")
	found := map[string]bool{}
	for _, s := range schools(t, 1, demo.DefaultSchools) {
		words := strings.Fields(s.Name)
		for i, word := range words {
			if urdu, known := inUrdu[word]; known {
				found[word] = true
				if !strings.Contains(s.NameUrdu, urdu) {
					t.Errorf("%q is %q: where is %s?", s.Name, s.NameUrdu, urdu)
				}
			}
			counted := i > 0 && slices.Contains([]string{"Chak", "No."}, words[i-1]) && strings.Trim(word, "0123456789") == ""
			if counted && !strings.Contains(s.NameUrdu, urduDigits.Replace(word)) {
				t.Errorf("%q is %q: where is %s?", s.Name, s.NameUrdu, word)
			}
		}
		for _, half := range []struct{ gender, urdu string }{{"girls", "گرلز"}, {"girls", "طالبات"}} {
			if strings.Contains(s.NameUrdu, half.urdu) && s.Gender != half.gender {
				t.Errorf("%q is for %s", s.NameUrdu, s.Gender)
			}
		}
	}
	if len(found) != len(inUrdu) {
		t.Errorf("only these words were met: %v", found)
	}
}

func TestSchoolsAreNamedTheWayOfTheirProvince(t *testing.T) {
	begins := map[fleet.PlaceCode]*regexp.Regexp{
		"PK1": regexp.MustCompile(`^G[BG]?(PS|MS|HSS?) `),
		"PK2": regexp.MustCompile(`^G[BG]?(PS|MIDS|HSS?) `),
		"PK4": regexp.MustCompile(`^IM(S[BG]? \([IVX]+-[IVX]+\)|C[BG]?) `),
		"PK5": regexp.MustCompile(`^GG?(PS|MS|HSS?) `),
		"PK6": regexp.MustCompile(`^GG?(PS|ES|HSS?) `),
		"PK7": regexp.MustCompile(`^G[BG]?(PS|LSS|HSS?) `),
	}
	names := map[string]bool{}
	for _, s := range schools(t, 1, demo.DefaultSchools) {
		if begin := begins[s.Parent[:3]]; begin != nil && !begin.MatchString(s.Name) {
			t.Errorf("%s is no name for a school in %s", s.Name, s.Parent[:3])
		}
		if key := string(s.Parent[:5]) + s.Name; names[key] {
			t.Errorf("district %s has %s twice", s.Parent[:5], s.Name)
		} else {
			names[key] = true
		}
	}
}
