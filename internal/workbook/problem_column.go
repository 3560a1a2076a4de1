package workbook

import (
	"errors"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// fieldColumns are the columns that the field of an error may stand for.
var fieldColumns = map[string][]columnID{
	"serial":      {colSerial},
	"asset_tag":   {colTag},
	"mac":         {colMAC},
	"model":       {colModel},
	"carton":      {colCarton},
	"lot":         {colLot},
	"line":        {colLine},
	"po":          {colPO},
	"price":       {colPrice},
	"funding":     {colFunding},
	"warranty":    {colWarranty},
	"shipment":    {colShipment},
	"code":        {colCode, colEMIS},
	"place":       {colCode, colEMIS, colName, colTehsil, colDistrict, colProvince},
	"emis":        {colEMIS, colCode},
	"kind":        {colKind},
	"state":       {colState},
	"parent":      {colParent, colTehsil, colDistrict, colProvince},
	"name":        {colName},
	"name_urdu":   {colNameUrdu},
	"aliases":     {colAliases},
	"division":    {colDivision},
	"phone":       {colPhone},
	"level":       {colLevel},
	"gender":      {colGender},
	"electricity": {colElectricity},
	"internet":    {colInternet},
	"latitude":    {colLatitude},
	"longitude":   {colLongitude},

	"holder":       {colClass, colTeacher, colCart, colRoom, colHolder},
	"holder_kind":  {colHolder},
	"roll":         {colRoll, colHolder},
	"manufacturer": {colMaker},
	"screen":       {colScreen},
	"devices":      {colTarget},
	"by":           {colBy},
	"date":         {colCounted},
	"user":         {colUser},
	"full_name":    {colFullName},
	"role":         {colRole},
}

// columnOf is the column of the sheet that a rule's error is about: of those that
// its field may stand for, the first in which the row has a text. Zero means that
// it is about none of them.
func (h *header) columnOf(err error, text func(columnID) string) columnID {
	var empty columnID
	for _, id := range fieldColumns[fieldOf(err)] {
		switch {
		case !h.has(id):
		case text(id) != "":
			return id
		case empty == 0:
			empty = id
		}
	}
	return empty
}

// fieldOf is the input that an error names.
func fieldOf(err error) string {
	var e *fleet.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

// breaks notes that the row breaks a rule, at the cell that the rule is about.
func (c *checker) breaks(err error) {
	text := func(id columnID) string { return shown(c.row.cell(c.head.at[id])) }
	id := c.head.columnOf(err, text)
	if id == 0 {
		c.problem(0, "", err)
		return
	}
	c.problem(id, text(id), err)
}

// refused tells a rule's refusal as a problem of the row it concerns.
func (m *planner) refused(s step, err error) foundProblem {
	texts := m.texts(s.change)
	id, value := s.head.columnOf(err, func(id columnID) string { return texts[id] }), s.value
	switch {
	case s.effect == supports: // the tehsil that the row of a place needs
		id = colTehsil
	case id != 0:
		value = texts[id]
	}
	p := problemOf(err, value)
	p.Sheet, p.Row = s.at.Sheet, s.at.Row
	if at := s.head.at[id]; at >= 0 {
		p.Column, p.Header = sheet.ColumnName(at+1), s.head.texts[at]
	}
	return foundProblem{Problem: p, cause: cause{code: p.Code, id: id}, offers: offersOf(err)}
}

// texts are what an export would show of the row that makes the change, by column.
func (m *planner) texts(c registry.Change) map[columnID]string {
	switch c := unpacked(c).(type) {
	case registry.ExpectDevice:
		return textsOf(Devices, deviceCells(&c.Device, c.Model, c.Shipment, m.gazetteer.byPath[c.Place].line()))
	case registry.CorrectDevice:
		return textsOf(Devices, deviceCells(&c.Device, c.Model, "", placeLine{}))
	case registry.AssignDevice:
		return map[columnID]string{colHolder: holderText(c.Holder)}
	case registry.ReceiveDevice:
		if c.Damaged {
			return map[columnID]string{colCondition: "damaged"}
		}
		return map[columnID]string{colCondition: "received"}
	case registry.SaveModel:
		return textsOf(Models, modelCells(&c.Model))
	case registry.SetTarget:
		return textsOf(Targets, targetCells(c.By, c.Devices, m.gazetteer.byCode[upperCode(c.Place)].line()))
	case registry.AddUser:
		return accountTexts(&c)
	case registry.OpenSchool:
		return map[columnID]string{colFullName: c.FullName, colCode: string(c.School)}
	case registry.ReceiveUnlisted:
		return textsOf(Devices, deviceCells(&c.Device, c.Model, c.Shipment, placeLine{}))
	case registry.SavePlace:
		return textsOf(Places, placeCells(&c.Place, m.gazetteer.byCode[upperCode(c.Parent)].line()))
	}
	return nil
}

func textsOf(k Kind, cells []value) map[columnID]string {
	texts := map[columnID]string{}
	for i, c := range tables[k].columns {
		texts[c.id] = asText(c.form, cells[i])
	}
	return texts
}
