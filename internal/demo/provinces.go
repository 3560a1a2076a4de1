package demo

import "github.com/takhti-edu/takhti/internal/fleet"

// The eight provinces and territories. Codes and order are those of
// OCHA / World Food Programme, COD-AB Pakistan, CC BY 3.0 IGO.
var provinceTable = []struct {
	code       fleet.PlaceCode
	name, urdu string
	aliases    []string
}{
	{ajk, "Azad Jammu and Kashmir", "آزاد جموں و کشمیر", []string{"Azad Kashmir", "AJK", "AJ&K"}},
	{balochistan, "Balochistan", "بلوچستان", []string{"Baluchistan"}},
	{gilgit, "Gilgit-Baltistan", "گلگت بلتستان", []string{"Gilgit Baltistan", "GB", "Northern Areas"}},
	{islamabad, "Islamabad", "اسلام آباد", []string{"Islamabad Capital Territory", "ICT", "Federal"}},
	{pakhtunkhwa, "Khyber Pakhtunkhwa", "خیبر پختونخوا", []string{"KP", "KPK", "NWFP", "Khyber Pakhtoonkhwa"}},
	{punjab, "Punjab", "پنجاب", []string{"Panjab"}},
	{sindh, "Sindh", "سندھ", []string{"Sind"}},
	{"PK8", "Jammu & Kashmir", "جموں و کشمیر", nil},
}

// The provinces whose schools are told apart here. No school of the eighth is invented.
const (
	ajk         fleet.PlaceCode = "PK1"
	balochistan fleet.PlaceCode = "PK2"
	gilgit      fleet.PlaceCode = "PK3"
	islamabad   fleet.PlaceCode = "PK4"
	pakhtunkhwa fleet.PlaceCode = "PK5"
	punjab      fleet.PlaceCode = "PK6"
	sindh       fleet.PlaceCode = "PK7"
)
