package theme

func darkSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Dim:           {FG: "#98a1b3"},
		Strong:        {Bold: true},
		Accent:        {FG: "#7fb4ff"},
		Attention:     {FG: "#e8c069"},
		Danger:        {FG: "#ff8a8a"},
		Good:          {FG: "#8fd19e"},
		Rule:          {FG: "#6f7a90"},
		Heading:       {FG: "#c9d3e6", Bold: true, Underline: true},
		Key:           {FG: "#c9d3e6", Bold: true},
		Selected:      {FG: "#ffffff", BG: "#2d4a7a", Bold: true},
		SelectedQuiet: {FG: "#e6ebf5", BG: "#333b4d"},
		Match:         {FG: "#e8c069", Bold: true, Underline: true},
		SelectedMatch: {FG: "#ffd98a", BG: "#2d4a7a", Bold: true, Underline: true},
		QuietMatch:    {FG: "#e8c069", BG: "#333b4d", Bold: true, Underline: true},
		Input:         {FG: "#ffffff", BG: "#2a3142", Underline: true},
		Badge:         {FG: "#1a1b26", BG: "#e8c069", Bold: true},
	}
}

func lightSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Dim:           {FG: "#5b6472"},
		Strong:        {Bold: true},
		Accent:        {FG: "#1a56c4"},
		Attention:     {FG: "#855400"},
		Danger:        {FG: "#b3261e"},
		Good:          {FG: "#1f6b34"},
		Rule:          {FG: "#7d8696"},
		Heading:       {FG: "#2c3442", Bold: true, Underline: true},
		Key:           {FG: "#2c3442", Bold: true},
		Selected:      {FG: "#0a1a33", BG: "#c4dafc", Bold: true},
		SelectedQuiet: {FG: "#1e2633", BG: "#e3e7ee"},
		Match:         {FG: "#855400", Bold: true, Underline: true},
		SelectedMatch: {FG: "#6b3f00", BG: "#c4dafc", Bold: true, Underline: true},
		QuietMatch:    {FG: "#704700", BG: "#e3e7ee", Bold: true, Underline: true},
		Input:         {FG: "#000000", BG: "#e9edf5", Underline: true},
		Badge:         {FG: "#ffffff", BG: "#855400", Bold: true},
	}
}

func highContrastSpecs(dark bool) [NumRoles]Spec {
	fg, bg, accent, warn, bad := "#ffffff", "#000000", "#66ccff", "#ffff00", "#ff9999"
	if !dark {
		fg, bg, accent, warn, bad = "#000000", "#ffffff", "#003d99", "#6b4400", "#990000"
	}
	return [NumRoles]Spec{
		Text: {FG: fg}, Dim: {FG: fg}, Strong: {FG: fg, Bold: true}, Accent: {FG: accent, Bold: true}, Attention: {FG: warn, Bold: true},
		Danger: {FG: bad, Bold: true}, Good: {FG: fg, Bold: true}, Rule: {FG: fg}, Heading: {FG: fg, Underline: true}, Key: {FG: accent, Bold: true},
		Selected: {FG: bg, BG: fg, Bold: true}, SelectedQuiet: {FG: fg, Bold: true, Underline: true}, Match: {FG: warn, Bold: true, Underline: true},
		SelectedMatch: {FG: bg, BG: fg, Bold: true, Underline: true}, QuietMatch: {FG: warn, Bold: true, Underline: true}, Input: {FG: fg, Underline: true}, Badge: {FG: bg, BG: fg, Bold: true},
	}
}

func ansiSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Dim: {Faint: true}, Strong: {Bold: true}, Accent: {FG: "6", Bold: true}, Attention: {FG: "3"}, Danger: {FG: "1", Bold: true}, Good: {FG: "2"},
		Rule: {Faint: true}, Heading: {Underline: true}, Key: {Bold: true}, Selected: {Invert: true}, SelectedQuiet: {Underline: true},
		Match: {FG: "3", Bold: true, Underline: true}, SelectedMatch: {Invert: true, Bold: true, Underline: true}, QuietMatch: {FG: "3", Bold: true, Underline: true},
		Input: {Underline: true}, Badge: {Invert: true, Bold: true},
	}
}

func plainSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Strong: {Bold: true}, Accent: {Bold: true}, Attention: {Bold: true}, Danger: {Bold: true}, Heading: {Underline: true}, Key: {Bold: true},
		Selected: {Invert: true}, SelectedQuiet: {Underline: true}, Match: {Bold: true, Underline: true},
		SelectedMatch: {Invert: true, Bold: true, Underline: true}, QuietMatch: {Bold: true, Underline: true}, Input: {Underline: true}, Badge: {Invert: true},
	}
}

// withSigns are the specs of a dark or light theme with other colors for what
// is told apart by color: accent, attention, danger and good.
func withSigns(base [NumRoles]Spec, accent, attention, danger, good string) [NumRoles]Spec {
	base[Accent] = Spec{FG: accent}
	base[Attention] = Spec{FG: attention}
	base[Danger] = Spec{FG: danger, Bold: true}
	base[Good] = Spec{FG: good}
	base[Match].FG = attention
	return base
}

// redGreenSafeSpecs can be told apart by people who do not see red or green.
func redGreenSafeSpecs(dark bool) [NumRoles]Spec {
	if dark {
		return withSigns(darkSpecs(), "#6cb0ff", "#f4e04d", "#ff8a4c", "#a8d8ff")
	}
	return withSigns(lightSpecs(), "#1a56c4", "#7d6700", "#7a1500", "#00324f")
}

// blueYellowSafeSpecs can be told apart by people who do not see blue.
func blueYellowSafeSpecs(dark bool) [NumRoles]Spec {
	if dark {
		return withSigns(darkSpecs(), "#4fd6e0", "#ffc9cf", "#ff6b6b", "#c4f5d4")
	}
	return withSigns(lightSpecs(), "#006d77", "#7d4452", "#b3001b", "#00442a")
}
