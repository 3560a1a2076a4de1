package sheet

// formats reads what the cell styles of a workbook show numbers as: one Format
// for each style that a cell can name.
func (a *archive) formats(part string) ([]Format, error) {
	switch {
	case part == "":
		return nil, nil
	case a.parts[partName(part)] == nil:
		return []Format{General}, nil // a cell that names another style is refused
	}
	custom := make(map[int]Format)
	var formats []Format
	cellStyles := 0 // the depth of the open list of cell styles
	err := a.read(part, a.limits.Part, func(x *scanner) error {
		for {
			tok, err := x.next()
			switch {
			case err != nil || tok == tokenDone:
				return err
			case tok == tokenEnd && x.depth() < cellStyles:
				cellStyles = 0
			case tok != tokenStart:
			case string(x.name) == "numFmt":
				if id, ok := atoi(x.attr("numFmtId")); ok {
					custom[id] = formatOf(string(x.attr("formatCode")))
				}
			case string(x.name) == "cellXfs" && !x.isEmpty:
				cellStyles = x.depth()
			case string(x.name) == "xf" && cellStyles > 0:
				id, _ := atoi(x.attr("numFmtId"))
				formats = append(formats, numberFormat(id, custom))
			}
		}
	})
	return formats, err
}

func numberFormat(id int, custom map[int]Format) Format {
	if f, ok := custom[id]; ok {
		return f
	}
	return builtInFormat(id)
}

// builtInFormat knows the formats that have a number and no code. Those from 27
// on belong to East Asia and Thailand.
func builtInFormat(id int) Format {
	switch {
	case id == 22, id == 77:
		return DayClock
	case id == 46, id == 79:
		return Duration
	case id >= 18 && id <= 21, id == 32, id == 33, id == 45, id == 47, id == 75, id == 76, id == 78, id == 80:
		return Clock
	case id >= 14 && id <= 17, id >= 27 && id <= 36, id >= 50 && id <= 58, id >= 71 && id <= 81:
		return Day
	}
	return General
}

// formatOf reads a number format code such as dd/mm/yyyy;@ as far as to tell
// what it shows a number as. Only the first section counts: the others are for
// negative numbers, zero and text.
func formatOf(code string) Format {
	var day, clock, minutes bool // minutes: an m that is no month
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == ';':
			i = len(code)
		case code[i] == '"':
			i = behind(code, i, '"')
		case code[i] == '[':
			end := behind(code, i, ']')
			if isElapsed(code[i+1 : min(end, len(code))]) {
				return Duration
			}
			i = end
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case hasFold(code[i:], "general"):
			i += len("general") - 1
		case hasFold(code[i:], "am/pm"), hasFold(code[i:], "a/p"):
			clock = true
			i += 2
		case (c == 'e') && i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-'):
			i++ // scientific
		case c == 'y' || c == 'd' || c == 'g' || c == 'e' || c == 'b' && i+1 < len(code) && code[i+1]|0x20 == 'b':
			day = true
		case c == 'h' || c == 's':
			clock = true
		case c == 'm':
			minutes = true
		}
	}
	switch {
	case day && clock:
		return DayClock
	case day || minutes && !clock:
		return Day
	case clock:
		return Clock
	}
	return General
}

// behind is the position of the next mark after i, or the end of the code.
func behind(code string, i int, mark byte) int {
	for i++; i < len(code) && code[i] != mark; i++ {
	}
	return i
}

// isElapsed recognises h, mm and the like, which count beyond a day's end when
// they stand in brackets.
func isElapsed(s string) bool {
	if s == "" {
		return false
	}
	c := s[0] | 0x20
	for i := range len(s) {
		if s[i]|0x20 != c {
			return false
		}
	}
	return c == 'h' || c == 'm' || c == 's'
}

// hasFold is strings.HasPrefix for an ASCII prefix in lower case, without regard
// to case.
func hasFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}
