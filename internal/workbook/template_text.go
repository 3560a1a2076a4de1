package workbook

import (
	"fmt"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// The texts of a template, in English and in Urdu.
var (
	instructionsTitle = [2]string{"How to fill in this list (Takhti)", "یہ فہرست کیسے بھریں (تختی)"}
	listsTitle        = "Lists to choose from (Takhti)"
	chooseText        = [2]string{"Choose one from the list.", "فہرست میں سے ایک چنیں۔"}
	columnText        = [2]string{"Column", "کالم"}
	neededText        = [2]string{"Needed", "لازمی"}
	meaningText       = [2]string{"What goes in", "کیا لکھیں"}
	yesText           = [2]string{"yes", "ہاں"}

	instructionLines = [2][]string{
		{
			"One row for each entry, in the first sheet. Leave the row with the names of the columns as it is.",
			"Columns that are not needed may stay empty, or be deleted.",
			"Where a cell offers a list, choose from it.",
			"Serials, codes and dates are kept as you type them: keep leading zeros.",
			"Send the workbook to Takhti: you see what it would do, and every problem, before anything is done.",
		},
		{
			"پہلے صفحے میں ہر اندراج کے لیے ایک سطر لکھیں۔ کالموں کے ناموں والی سطر نہ بدلیں۔",
			"جو کالم لازمی نہیں وہ خالی چھوڑے یا مٹائے جا سکتے ہیں۔",
			"جہاں خانہ فہرست دکھائے وہاں فہرست میں سے چنیں۔",
			"سیریل، کوڈ اور تاریخیں ویسی ہی رہتی ہیں جیسی آپ لکھیں: شروع کے صفر نہ چھوڑیں۔",
			"فائل تختی کو بھیجیں: کچھ بھی ہونے سے پہلے آپ دیکھیں گے کہ کیا ہو گا اور کہاں غلطی ہے۔",
		},
	}
)

// columnHints say what goes into a column.
var columnHints = map[columnID][2]string{
	colCode:        {"The code of a place in Takhti, such as PK601-STORE", "تختی میں جگہ کا کوڈ، جیسے PK601-STORE"},
	colEMIS:        {"The EMIS code of the school, such as 35200001", "اسکول کا ایمس کوڈ، جیسے 35200001"},
	colKind:        {"The kind of place; a school where it is empty", "جگہ کی قسم؛ خالی ہو تو اسکول"},
	colParent:      {"The code of the place that it lies in, where district and tehsil do not say it", "اوپر کی جگہ کا کوڈ، اگر ضلع اور تحصیل سے معلوم نہ ہو"},
	colName:        {"The whole name, such as GGHS Chak 77", "پورا نام، جیسے GGHS Chak 77"},
	colNameUrdu:    {"The name in Urdu", "اردو میں نام"},
	colAliases:     {"Other names that people use, with | between them", "دوسرے نام، درمیان میں | لگا کر"},
	colProvince:    {"The province", "صوبہ"},
	colDivision:    {"The division", "ڈویژن"},
	colDistrict:    {"The district", "ضلع"},
	colTehsil:      {"The tehsil or taluka", "تحصیل یا تعلقہ"},
	colLevel:       {"The level of the school", "اسکول کا درجہ"},
	colGender:      {"For boys, girls, or both", "لڑکوں، لڑکیوں یا دونوں کے لیے"},
	colEnrolment:   {"How many students, as a whole number", "طلبہ کی کل تعداد"},
	colElectricity: {"Whether there is electricity", "بجلی ہے یا نہیں"},
	colInternet:    {"Whether there is internet", "انٹرنیٹ ہے یا نہیں"},
	colPhone:       {"A telephone number", "فون نمبر"},
	colLatitude:    {"Degrees north, such as 31.5204", "عرض بلد، جیسے 31.5204"},
	colLongitude:   {"Degrees east, such as 74.3587", "طول بلد، جیسے 74.3587"},
	colState:       {"Whether the school is open", "اسکول کھلا ہے یا بند"},

	colSerial:    {"The serial on the device's label, such as 5CD3160ABC", "آلے پر لکھا سیریل نمبر، جیسے 5CD3160ABC"},
	colTag:       {"The asset tag that is stuck on it", "اس پر لگا اثاثہ ٹیگ"},
	colModel:     {"The model; a new one may be written", "ماڈل؛ نیا بھی لکھا جا سکتا ہے"},
	colMAC:       {"The address of its wireless card, such as A4:BB:6D:00:12:3F", "وائی فائی کا پتا، جیسے A4:BB:6D:00:12:3F"},
	colCarton:    {"The carton that it came in", "کارٹن کا نمبر"},
	colLot:       {"The lot or batch", "لاٹ کا نمبر"},
	colLine:      {"The assembly line", "اسمبلی لائن"},
	colPO:        {"The purchase order", "خریداری آرڈر کا نمبر"},
	colPrice:     {"What it cost, in rupees", "قیمت، روپوں میں"},
	colFunding:   {"Who paid for it", "رقم کس نے دی"},
	colWarranty:  {"The last day of the warranty, day first: 30/06/2028", "وارنٹی کی آخری تاریخ، پہلے دن: 30/06/2028"},
	colCondition: {"How it came: received, damaged or missing", "کس حالت میں آیا: موصول، خراب یا غائب"},

	colTeacher: {"The post of the teacher who has it, such as Mathematics teacher; no name", "جس استاد کے پاس ہے اس کا عہدہ، جیسے استاد ریاضی؛ نام نہ لکھیں"},
	colClass:   {"The class that has it, such as 5-A", "جس جماعت کے پاس ہے، جیسے 5-A"},
	colSection: {"The section of the class", "جماعت کا سیکشن"},
	colRoll:    {"The roll number of the learner who has it; no name", "جس طالب علم کے پاس ہے اس کا رول نمبر؛ نام نہ لکھیں"},
	colRoom:    {"The room in which it is kept", "جس کمرے میں رکھا ہے"},
	colCart:    {"The cart in which it is kept", "جس ٹرالی میں رکھا ہے"},
	colHolder:  {"Who has it in words, such as class: 5-A; or returned", "کس کے پاس ہے، جیسے class: 5-A؛ یا واپس"},

	colMaker:    {"Who makes it", "بنانے والی کمپنی"},
	colScreen:   {"The size of the screen, such as 11.6\"", "سکرین کا سائز، جیسے 11.6\""},
	colAUE:      {"The month in which Google's updates end, such as June 2032", "گوگل کی اپ ڈیٹس کب ختم ہوں گی، جیسے June 2032"},
	colLife:     {"How many months it is expected to be used", "کتنے مہینے استعمال ہونے کی توقع ہے"},
	colUser:     {"What the person signs in with, such as lahore.officer; empty for a school. Never write passwords", "جس نام سے سائن ان کریں، جیسے lahore.officer؛ اسکول کے لیے خالی۔ پاس ورڈ کبھی نہ لکھیں"},
	colFullName: {"The name that people know the person by; may stay empty", "جس نام سے لوگ جانتے ہیں؛ خالی چھوڑا جا سکتا ہے"},
	colRole:     {"What the account may do; empty for a school", "اکاؤنٹ کیا کر سکتا ہے؛ اسکول کے لیے خالی"},
	colCounted:  {"The day on which it was found, day first: 30/06/2026; otherwise the one given with the import", "کس دن ملا، پہلے دن: 30/06/2026؛ ورنہ وہ جو امپورٹ کے ساتھ دی جائے"},
	colTarget:   {"How many devices there are to be in all by the day", "اس تاریخ تک کل کتنے آلات ہونے ہیں"},
	colBy:       {"By which day, day first: 30/06/2026; of a month, its last day is meant", "کس تاریخ تک، پہلے دن: 30/06/2026؛ صرف مہینہ ہو تو اس کا آخری دن"},
	colShipment: {"The shipment's number, unless it is given with the import", "شپمنٹ کا نمبر، اگر امپورٹ کرتے وقت نہ دیا جائے"},
}

// instructions makes the sheet that says how to fill in the list.
func (t *template) instructions() error {
	s := sheet.NewSheet{
		Name: t.lang.in(instructionsName), RightToLeft: t.lang == Urdu,
		Columns: []sheet.NewColumn{{Width: 30}, {Width: 12}, {Width: 80}},
	}
	if err := t.out.Sheet(s); err != nil {
		return err
	}
	bold := t.out.Style(sheet.Style{Bold: true})
	rows, heading := t.instructionRows()
	for i, row := range rows {
		cells := make([]sheet.Value, 0, len(row))
		for _, text := range row {
			cell := sheet.Value{Kind: sheet.Text, Text: text}
			if i == 0 || i+1 == heading {
				cell.Style = bold
			}
			if text == "" {
				cell = sheet.Value{}
			}
			cells = append(cells, cell)
		}
		if err := t.out.Row(i+1, cells); err != nil {
			return err
		}
	}
	return nil
}

// instructionRows are the rows of that sheet, and the number of the one with the
// heading of the columns' table.
func (t *template) instructionRows() (rows [][]string, heading int) {
	rows = [][]string{{t.lang.in(instructionsTitle)}, {}}
	for i, line := range instructionLines[t.lang-1] {
		rows = append(rows, []string{fmt.Sprintf("%d. %s", i+1, line)})
	}
	rows = append(rows, nil, []string{t.lang.in(columnText), t.lang.in(neededText), t.lang.in(meaningText)})
	heading = len(rows)
	for _, c := range t.columns {
		needed := ""
		if needRank(t.kind, c.id) == 0 {
			needed = t.lang.in(yesText)
		}
		rows = append(rows, []string{c.name(t.lang), needed, t.lang.in(columnHints[c.id])})
	}
	return rows, heading
}
