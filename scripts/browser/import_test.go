package browser

import (
	"fmt"
	"testing"
)

// An officer brings in the packing list of an assembler who calls the columns names
// of their own and cannot spell: says what the columns hold, settles what is wrong by
// cause, imports it, and takes it back. With JavaScript and without, on a desk and on a phone.
func TestAnOfficerImportsAPackingList(t *testing.T) {
	for n, c := range []struct {
		name    string
		width   int64
		scripts bool
	}{
		{"desk", 1280, true},
		{"phone without JavaScript", 320, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, "officer", c.width, c.scripts)
			p.get("/imports/new?kind=shipment")
			p.fill("shipment", fmt.Sprintf("HR-%d", n))
			p.fill("supplier", "Haier")
			p.attach(
				"file", "list.csv", "Haier Pakistan,,,",
				fmt.Sprintf("Dev ID %d,Box,Dist,Ends", n),
				fmt.Sprintf("HR%dA000101,1,Lahoree,03/04/2028", n), fmt.Sprintf("HR%dA000102,1,Lahoree,", n),
				fmt.Sprintf("HR%dA000103,1,Lahore,", n), fmt.Sprintf("HR%dA000103,2,Lahore,", n),
			)
			p.press("Check the file")
			p.see("This file cannot be imported")
			p.press("Say what the columns hold")
			p.see("No column holds the serial yet.")
			if c.scripts {
				p.picture("import-columns.png")
			}
			p.choose("s0c4", "warranty_end")
			p.press("Read the file like this")
			p.see("3 things to decide")
			if c.scripts {
				p.picture("import-decide.png")
			}
			p.choose("do0", "use:Lahore")
			p.choose("do1", "day_first")
			p.choose("do2", "keep_first")
			p.press("Keep these answers")
			p.see("What was decided")
			p.press("Import these 3 rows")
			p.see("3 rows imported")
			imported := p.at()
			p.press("To the shipment")
			p.see("3 devices on the packing list")
			p.get(imported)
			p.press("Undo this import")
			p.see("What the import made is deleted")
			p.press("Take these 4 back") // three devices and their shipment
			p.see("What undoing it did")
			p.get(fmt.Sprintf("/search?q=HR%dA000101", n))
			p.see("Nothing that you can see fits")
		})
	}
}
