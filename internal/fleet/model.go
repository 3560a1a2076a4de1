package fleet

import "strings"

// ModelID numbers the models.
type ModelID uint32

// Model is a make of device.
type Model struct {
	ID           ModelID `cbor:"1,keyasint"`
	Version      uint32  `cbor:"2,keyasint"`
	Name         string  `cbor:"3,keyasint"` // as packing lists write it; unique, ignoring case and blanks
	Manufacturer string  `cbor:"4,keyasint,omitempty"`
	Screen       string  `cbor:"5,keyasint,omitempty"` // diagonal, such as 11.6"
	AUE          Date    `cbor:"6,keyasint,omitempty"` // Google's auto-update expiry
	LifeMonths   uint32  `cbor:"7,keyasint,omitempty"` // expected life in use
}

// Check says what is wrong with a model.
func (m *Model) Check() error {
	if strings.TrimSpace(m.Name) == "" {
		return Invalidf("model.name_missing", "the model's name is missing").In("model")
	}
	return checkTexts("model.text_long",
		fieldText{"model", "the model's name", m.Name, maxText},
		fieldText{"manufacturer", "the manufacturer's name", m.Manufacturer, maxText},
		fieldText{"screen", "the screen's size", m.Screen, maxText})
}
