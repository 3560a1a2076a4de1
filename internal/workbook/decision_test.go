package workbook

import (
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// group finds the group of a cause.
func (p *Plan) group(t testing.TB, cause string) Group {
	t.Helper()
	i := slices.IndexFunc(p.Groups, func(g Group) bool { return g.Cause == cause })
	if i < 0 {
		t.Fatalf("no group %s among %+v", cause, p.Groups)
	}
	return p.Groups[i]
}

// decided is the options with decisions: CAUSE, what to do, and a value.
func decided(o Options, all ...[3]string) Options {
	for _, d := range all {
		o.Reading.Decisions = append(o.Reading.Decisions, registry.Decision{Cause: d[0], Do: d[1], Value: d[2]})
	}
	return o
}

func TestOneDecisionSettlesAName(t *testing.T) {
	w := newWorld(t)
	f := lines(
		"a.csv", "Serial,District,School EMIS",
		"TK-0001,Lahor,", "TK-0002,LAHOR,", "TK-0003,Lahore,", "TK-0004,Lahor ,35200001", "TK-0005,Kasoor,",
	)
	p := w.plan(f, lahore())
	wantCounts(t, p, 1, 0, 0, 4)
	g := p.group(t, "district.unknown|district|lahor")
	if g.Problems != 3 || g.Value != "Lahor" || g.Header != "District" || g.First.Cell() != "a!B2" || g.Offers[0] != "Lahore" || !slices.Equal(g.Choices, []string{Use, Empty, LeaveOut}) {
		t.Errorf("%+v", g)
	}
	if p.Refused() == nil || p.Unsettled != 4 {
		t.Error("a file with problems is not refused")
	}
	p = w.plan(f, decided(lahore(), [3]string{"district.unknown|district|lahor", Use, "Lahore"}, [3]string{"district.unknown|district|kasoor", LeaveOut}))
	wantCounts(t, p, 4, 0, 0, 1)
	if p.Refused() != nil || len(p.Problems) > 0 || p.Unsettled != 0 {
		t.Errorf("%v, %v", p.Refused(), p.Problems)
	}
	if g := p.group(t, "district.unknown|district|lahor"); g.Problems != 3 || g.Decision.Value != "Lahore" || g.Value != "Lahor" {
		t.Errorf("%+v", g)
	}
	if _, err := Apply(t.Context(), w.boss, p, 0); err != nil {
		t.Fatal(err)
	}
	if w.device("TK-0004").Place != w.place("PK6-35200001").Path {
		t.Error("a row whose district was settled does not go to its school")
	}
}

func TestADecisionMayItselfBeWrong(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,District", "TK-0001,Lahor")
	one := [3]string{"district.unknown|district|lahor", Use, "Lahorre"}
	p := w.plan(f, decided(lahore(), one))
	if g := p.group(t, "district.unknown|district|lahorre"); g.Decision.Do != "" || g.Problems != 1 {
		t.Errorf("%+v", g)
	}
	p = w.plan(f, decided(lahore(), one, [3]string{"district.unknown|district|lahorre", Use, "Lahore"}))
	wantCounts(t, p, 1, 0, 0, 0)
	loop := w.plan(f, decided(lahore(), one, [3]string{"district.unknown|district|lahorre", Use, "Lahor"}))
	if loop.Unsettled != 1 {
		t.Error("a circle of decisions settles something")
	}
}

func TestRowsThatExcludeEachOther(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Asset Tag", "TK-0001,A", "TK-0002,B", "TK-0001,C", "TK-0001,D", "TK-0003,B")
	p := w.plan(f, lahore())
	wantCounts(t, p, 2, 0, 0, 3)
	if g := p.group(t, "serial.twice|serial_number"); g.Problems != 2 || !slices.Equal(g.Choices, []string{KeepFirst, LeaveOut}) {
		t.Errorf("%+v", g)
	}
	first := w.plan(f, decided(lahore(), [3]string{"serial.twice|serial_number", KeepFirst}, [3]string{"tag.twice|asset_tag", KeepFirst}))
	wantCounts(t, first, 2, 0, 0, 3)
	none := w.plan(f, decided(lahore(), [3]string{"serial.twice|serial_number", LeaveOut}, [3]string{"tag.twice|asset_tag", LeaveOut}))
	wantCounts(t, none, 0, 0, 0, 5)
	for _, p := range []*Plan{first, none} {
		if p.Refused() != nil {
			t.Error(p.Refused())
		}
	}
}

// A row that stays out by decision is not the first of those that exclude each other.
func TestTheFirstIsOneThatComesIn(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Price", "TK-0001,dear", "TK-0001,45000", "TK-0001,46000")
	p := w.plan(f, decided(lahore(), [3]string{"rupees.invalid|price", LeaveOut}, [3]string{"serial.twice|serial_number", KeepFirst}))
	wantCounts(t, p, 1, 0, 0, 2)
	if c := p.Changes()[1].(registry.ExpectDevice); c.Device.Price != 4_500_000 {
		t.Errorf("%+v", c)
	}
}

func TestCellsThatAreTakenAsEmpty(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Price,Warranty End", "TK-0001,dear,31/02/2027", "TK-0002,45000,30/06/2028")
	p := w.plan(f, lahore())
	wantCounts(t, p, 1, 0, 0, 1)
	p = w.plan(f, decided(lahore(), [3]string{"rupees.invalid|price", Empty}, [3]string{"date.impossible|warranty_end", Empty}))
	wantCounts(t, p, 2, 0, 0, 0)
	if slices.Contains(p.group(t, "rupees.invalid|price").Choices, Use) {
		t.Error("one amount is offered for cells that hold different ones")
	}
}

func TestARowLeftOutHasNoOtherProblems(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Price,District", "TK-0001,dear,Lahor", "TK-0002,45000,Lahore")
	p := w.plan(f, decided(lahore(), [3]string{"district.unknown|district|lahor", LeaveOut}))
	wantCounts(t, p, 1, 0, 0, 1)
	if len(p.Problems) > 0 || p.Refused() != nil {
		t.Errorf("%v", p.Problems)
	}
}

// What a rule of the register refuses can be left out by cause, too.
func TestRefusalsOfTheRegisterAreLeftOutByDecision(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("a.csv", "Serial,Asset Tag", "OLD-0001,T-1"), Options{Kind: Devices, Shipment: "S-0", To: "PK602"})
	f := lines("b.csv", "Serial,Asset Tag", "TK-0001,T-1", "TK-0002,T-2")
	cause := w.plan(f, lahore()).Groups[0].Cause
	p := w.plan(f, decided(lahore(), [3]string{cause, LeaveOut}))
	wantCounts(t, p, 1, 0, 0, 1)
	if p.Refused() != nil || cause != "tag.taken|asset_tag" {
		t.Error(cause, p.Refused())
	}
}

func TestDatesAreAskedForOnce(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Warranty End", "TK-0001,03/04/2028", "TK-0002,05/06/2028", "TK-0003,07/07/2028")
	p := w.plan(f, lahore())
	wantProblems(
		t, p,
		`a!B2: "03/04/2028" can be 3 April 2028 or 4 March 2028, and no date of the column tells which`,
		`a!B3: "05/06/2028" can be 5 June 2028 or 6 May 2028`,
	)
	g := p.group(t, "date.ambiguous|warranty_end")
	if g.Problems != 2 || !slices.Equal(g.Choices, []string{DayFirst, MonthFirst, Empty, LeaveOut}) {
		t.Errorf("%+v", g)
	}
	for do, want := range map[string]string{DayFirst: "2028-04-03", MonthFirst: "2028-03-04"} {
		p := w.plan(f, decided(lahore(), [3]string{g.Cause, do}))
		wantCounts(t, p, 3, 0, 0, 0)
		if got := p.Changes()[1].(registry.ExpectDevice).Device.WarrantyEnds.String(); got != want {
			t.Errorf("%s: %s, want %s", do, got, want)
		}
	}
}

// A date that can only be read in one order tells the others of its column, wherever
// it stands; dates that contradict each other tell nothing.
func TestDatesTellEachOther(t *testing.T) {
	for name, c := range map[string]struct {
		dates []string
		first string // what the first one is, empty: it is asked for
	}{
		"day first":      {[]string{"03/04/2028", "30/06/2028"}, "2028-04-03"},
		"month first":    {[]string{"03/04/2028", "06/30/2028"}, "2028-03-04"},
		"contradiction":  {[]string{"03/04/2028", "06/30/2028", "30/06/2028"}, ""},
		"in letters":     {[]string{"03/04/2028", "3 Apr 2028", "2028-04-30"}, ""},
		"a day in Urdu":  {[]string{"۰۳/۰۴/۲۰۲۸", "۳۰/۰۶/۲۰۲۸"}, "2028-04-03"},
		"another column": {[]string{"03/04/2028", ",30/06/2028"}, ""},
	} {
		w := newWorld(t)
		rows := []string{"Serial,Warranty End,Remark"}
		for i, date := range c.dates {
			rows = append(rows, "TK-000"+string(rune('1'+i))+","+date)
		}
		p := w.plan(lines("a.csv", rows...), lahore())
		if c.first == "" {
			if p.Unsettled == 0 || p.Problems[0].Code != codeAmbiguous {
				t.Errorf("%s: %v", name, p.Problems)
			}
			continue
		}
		if got := p.Changes()[1].(registry.ExpectDevice).Device.WarrantyEnds.String(); got != c.first {
			t.Errorf("%s: %s, want %s", name, got, c.first)
		}
	}
}

func TestDecisionsThatCannotBe(t *testing.T) {
	for _, d := range []registry.Decision{
		{Do: LeaveOut},
		{Cause: "serial.twice|serial_number", Do: Use, Value: "X"},
		{Cause: "district.unknown|district|lahor", Do: Use, Value: " "},
		{Cause: "district.unknown|district|lahor", Do: KeepFirst},
		{Cause: "serial.length|serial_number", Do: Empty},
	} {
		if err := CheckDecisions(Devices, []registry.Decision{d}); fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

// Each offered choice can be decided, and changes what becomes of the rows.
func TestEveryOfferedChoiceCanBeMade(t *testing.T) {
	w := newWorld(t)
	f := lines(
		"a.csv", "Serial,Price,Warranty End,District,School EMIS", "TK-0001,dear,31/02/2027,Lahor,", "TK-0001,1,,,", ",1,,,",
		"TK-0004,1,,,35200011", "TK-0005,,03/04/2028,Lahore,", "5CD\u0007,,,,", "T,,,,",
	)
	for _, g := range w.plan(f, lahore()).Groups {
		for _, do := range g.Choices {
			d := registry.Decision{Cause: g.Cause, Do: do}
			if do == Use {
				d.Value = g.Offers[0]
			}
			if err := CheckDecisions(Devices, []registry.Decision{d}); err != nil {
				t.Errorf("%s: %v", g.Cause, err)
			}
			o := lahore()
			o.Reading.Decisions = []registry.Decision{d}
			after := w.plan(f, o).group(t, g.Cause)
			if after.Decision != d || after.Problems != g.Problems {
				t.Errorf("%s, %s: %+v", g.Cause, do, after)
			}
		}
	}
}

func TestThousandsOfCausesAreGroupedByTheirColumn(t *testing.T) {
	w := newWorld(t)
	rows := []string{"Serial,District"}
	for i := range 2 * maxGroups {
		rows = append(rows, "TK-"+strings.Repeat("0", 4)+string(rune('A'+i%26))+string(rune('A'+i/26))+",Nowhere "+strings.Repeat("x", i))
	}
	p := w.plan(lines("a.csv", rows...), lahore())
	total := 0
	for _, g := range p.Groups {
		total += g.Problems
	}
	if len(p.Groups) > maxGroups+5 || total < 2*maxGroups {
		t.Errorf("%d groups of %d problems", len(p.Groups), total)
	}
}

// What a spreadsheet turned round cannot be told from what it did not, so it is asked.
func TestDatesThatASpreadsheetMayHaveTurnedRoundAreAskedFor(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Warranty End",
		"TK-0001,46850", // 7 April 2028
		"TK-0002,25/04/2028",
		"TK-0003,46878", // 5 May 2028, which is the same either way
	)
	p := w.plan(f, lahore())
	wantProblems(t, p, `a!B2: 7 April 2028 may have been typed as 4 July 2028 and turned round by the spreadsheet`)
	g := p.group(t, "date.turned|warranty_end")
	if g.Problems != 1 || !slices.Equal(g.Choices, []string{TurnRound, Accept, Empty, LeaveOut}) {
		t.Errorf("%+v", g)
	}
	for do, want := range map[string]string{TurnRound: "2028-07-04", Accept: "2028-04-07"} {
		p := w.plan(f, decided(lahore(), [3]string{g.Cause, do}))
		wantCounts(t, p, 3, 0, 0, 0)
		if got := p.Changes()[1].(registry.ExpectDevice).Device.WarrantyEnds.String(); got != want {
			t.Errorf("%s: %s, want %s", do, got, want)
		}
	}
}

// Where something shows that the spreadsheet took no typed date for one of its own,
// nothing is asked.
func TestDatesThatNoSpreadsheetTurnedRoundAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	for name, rows := range map[string][]string{
		"a date of its own has a day above 12": {"TK-0001,46850", "TK-0002,25/04/2028", "TK-0003,46868"},
		"a text could have been read":          {"TK-0001,46850", "TK-0002,25/04/2028", "TK-0003,03/04/2028"},
		"no text is left":                      {"TK-0001,46850", "TK-0002,46851"},
		"texts name the month":                 {"TK-0001,46850", "TK-0002,25 April 2028"},
		"day and month are the same":           {"TK-0001,46878", "TK-0002,25/04/2028"},
	} {
		if p := w.plan(lines("a.csv", append([]string{"Serial,Warranty End"}, rows...)...), lahore()); len(p.Problems) > 0 {
			t.Errorf("%s: %v", name, p.Problems)
		}
	}
}
