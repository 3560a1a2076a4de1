package fleet

// Identity is an account elsewhere, such as a Google account, that opens one here.
type Identity struct {
	Issuer  string `cbor:"1,keyasint"`           // who vouches for it, as an address
	Subject string `cbor:"2,keyasint"`           // what the issuer calls it; it never becomes another's
	Email   string `cbor:"3,keyasint,omitempty"` // for people to recognise it by, and for nothing else
	Since   int64  `cbor:"4,keyasint"`           // when it was linked, in Unix seconds
}

// maxSubject is the longest name that OpenID Connect allows.
const maxSubject = 255

// Check says what is wrong with an identity.
func (i *Identity) Check() error {
	if i.Issuer == "" || i.Subject == "" || len(i.Subject) > maxSubject {
		return Invalidf("identity.incomplete", "an account elsewhere has an issuer, and a subject of at most %d characters", maxSubject)
	}
	return checkTexts("identity.text_long",
		fieldText{"issuer", "the issuer", i.Issuer, maxSubject}, fieldText{"subject", "the subject", i.Subject, maxSubject},
		fieldText{"email", "the e-mail address", i.Email, maxSubject})
}

// Is says whether both are the same account, whatever its e-mail address is by now.
func (i *Identity) Is(other Identity) bool {
	return i != nil && i.Issuer == other.Issuer && i.Subject == other.Subject
}
