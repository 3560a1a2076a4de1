package table

import (
	"bytes"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Codec turns a record into bytes and back. The first byte is the codec's
// version; the same record always gives the same bytes.
type Codec[T any] struct {
	// Append appends the record's bytes to buf.
	Append func(buf []byte, rec *T) ([]byte, error)
	// Decode fills rec, which is zero, and keeps no part of data. Bytes that
	// Append did not make are an error that wraps [kv.ErrCorrupt].
	Decode func(data []byte, rec *T) error
}

const cborVersion = 1

// CBOR is the codec for records whose fields carry integer keys:
//
//	Name string `cbor:"3,keyasint"`
//
// The bytes are deterministic (RFC 8949, 4.2.1). Strings are stored as byte
// strings, since a path among them need not be UTF-8; a nil list and an empty
// one are the same. Fields that T does not have are refused, not dropped: they
// were written by a newer version.
func CBOR[T any]() Codec[T] {
	enc, dec := cborModes()
	return Codec[T]{
		Append: func(buf []byte, rec *T) ([]byte, error) {
			b := bytes.NewBuffer(append(buf, cborVersion))
			err := enc.MarshalToBuffer(rec, b)
			return b.Bytes(), err
		},
		Decode: func(data []byte, rec *T) error {
			if len(data) == 0 || data[0] != cborVersion {
				return fmt.Errorf("%w: it was not written by this version of the codec", kv.ErrCorrupt)
			}
			if err := dec.Unmarshal(data[1:], rec); err != nil {
				return fmt.Errorf("%w: %w", kv.ErrCorrupt, err)
			}
			return nil
		},
	}
}

func cborModes() (cbor.UserBufferEncMode, cbor.DecMode) {
	out := cbor.CoreDetEncOptions()
	out.String = cbor.StringToByteString
	out.NilContainers = cbor.NilContainerAsEmpty
	out.Time = cbor.TimeRFC3339NanoUTC
	out.TagsMd = cbor.TagsForbidden
	enc, err := out.UserBufferEncMode()
	if err != nil {
		panic("table: " + err.Error())
	}
	in := cbor.DecOptions{
		DupMapKey:          cbor.DupMapKeyEnforcedAPF,
		IndefLength:        cbor.IndefLengthForbidden,
		TagsMd:             cbor.TagsForbidden,
		ByteStringToString: cbor.ByteStringToStringAllowed,
		ByteStringToTime:   cbor.ByteStringToTimeAllowed,
		ExtraReturnErrors:  cbor.ExtraDecErrorUnknownField,
	}
	dec, err := in.DecMode()
	if err != nil {
		panic("table: " + err.Error())
	}
	return enc, dec
}
