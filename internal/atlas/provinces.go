package atlas

import "github.com/takhti-edu/takhti/internal/fleet"

// The provinces and territories. Codes and order are those of
// OCHA / World Food Programme, COD-AB Pakistan, CC BY 3.0 IGO.
const (
	AzadKashmir       fleet.PlaceCode = "PK1"
	Balochistan       fleet.PlaceCode = "PK2"
	GilgitBaltistan   fleet.PlaceCode = "PK3"
	Islamabad         fleet.PlaceCode = "PK4"
	KhyberPakhtunkhwa fleet.PlaceCode = "PK5"
	Punjab            fleet.PlaceCode = "PK6"
	Sindh             fleet.PlaceCode = "PK7"
	JammuKashmir      fleet.PlaceCode = "PK8"
)

var provinceTable = []struct {
	code       fleet.PlaceCode
	name, urdu string
	aliases    []string
}{
	{AzadKashmir, "Azad Jammu and Kashmir", "آزاد جموں و کشمیر", []string{"Azad Kashmir", "AJK", "AJ&K"}},
	{Balochistan, "Balochistan", "بلوچستان", []string{"Baluchistan"}},
	{GilgitBaltistan, "Gilgit-Baltistan", "گلگت بلتستان", []string{"Gilgit Baltistan", "GB", "Northern Areas"}},
	{Islamabad, "Islamabad", "اسلام آباد", []string{"Islamabad Capital Territory", "ICT", "Federal"}},
	{KhyberPakhtunkhwa, "Khyber Pakhtunkhwa", "خیبر پختونخوا", []string{"KP", "KPK", "NWFP", "Khyber Pakhtoonkhwa"}},
	{Punjab, "Punjab", "پنجاب", []string{"Panjab"}},
	{Sindh, "Sindh", "سندھ", []string{"Sind"}},
	{JammuKashmir, "Jammu & Kashmir", "جموں و کشمیر", nil},
}
