package workbook

import "testing"

// A formula that a program wrote without working it out is no empty cell: the
// device would go to the store instead of its school.
func TestAFormulaWithoutAResultIsAProblem(t *testing.T) {
	text := func(ref, s string) string { return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	row := func(n, cells string) string { return `<row r="` + n + `">` + cells + `</row>` }
	w := newWorld(t)
	p := w.plan(memFile("a.xlsx", sheetOf(t, inSheet(
		row("1", text("A1", "Serial")+text("B1", "School EMIS")+text("C1", "Remarks"))+
			row("2", text("A2", "TK-0001")+`<c r="B2"><f>VLOOKUP(A2,X!A:B,2)</f></c>`)+
			row("3", text("A3", "TK-0002")+`<c r="B3"><f t="shared" si="0"/><v></v></c>`)+
			row("4", `<c r="A4"><f>X!A4</f><v/></c>`)+
			row("5", text("A5", "TK-0003")+`<c r="B5" t="str"><f>IF(1,"")</f><v></v></c>`)+
			row("6", text("A6", "TK-0004")+`<c r="B6"><f>35200000+1</f><v>35200001</v></c><c r="C6"><f>NOW()</f></c>`)+
			row("7", `<c r="C7"><f>SUM(1,2)</f></c>`),
	))), lahore())
	wantProblems(
		t, p,
		"List!B2: the cell holds a formula without a result: open the workbook in Excel and save it again",
		"List!B3: the cell holds a formula without a result",
		"List!A4: the cell holds a formula without a result",
	)
	wantCounts(t, p, 2, 0, 0, 3)
}

// However far to the right the column is.
func TestAFormulaWithoutAResultIsAProblemInEveryColumn(t *testing.T) {
	text := func(ref, s string) string { return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	w := newWorld(t)
	p := w.plan(memFile("a.xlsx", sheetOf(t, inSheet(
		`<row r="1">`+text("A1", "Serial")+text("IV1", "School EMIS")+`</row>`+
			`<row r="2">`+text("A2", "TK-0001")+`<c r="IV2"><f>VLOOKUP(A2,X!A:B,2)</f></c></row>`,
	))), lahore())
	wantProblems(t, p, "List!IV2: the cell holds a formula without a result")
}
