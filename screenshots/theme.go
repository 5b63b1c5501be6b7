//go:build unix

package main

import "image/color"

// theme are the colors of a terminal and of the window around it.
type theme struct {
	foreground, background, cursor color.Color
	bar, barText, edge             color.Color
	palette                        [16]color.Color // the colors that programs ask for by number
}

func darkTheme() theme {
	return theme{
		foreground: rgb(0xd7dae0), background: rgb(0x16181d), cursor: rgb(0xd7dae0),
		bar: rgb(0x21242b), barText: rgb(0x9aa0ab), edge: rgb(0x343943),
		palette: [16]color.Color{
			rgb(0x21242b), rgb(0xf2777a), rgb(0x8fc78a), rgb(0xe5c07b), rgb(0x78a9f0), rgb(0xc69be0), rgb(0x6cc3c1), rgb(0xc5c9d2),
			rgb(0x6f7683), rgb(0xff9699), rgb(0xa9dba4), rgb(0xf2d79b), rgb(0x9cc3ff), rgb(0xdab8ef), rgb(0x8fdcda), rgb(0xffffff),
		},
	}
}

func lightTheme() theme {
	return theme{
		foreground: rgb(0x24292f), background: rgb(0xfdfdfc), cursor: rgb(0x24292f),
		bar: rgb(0xecedef), barText: rgb(0x5b626c), edge: rgb(0xc9cdd3),
		palette: [16]color.Color{
			rgb(0x24292f), rgb(0xb3261e), rgb(0x1f6f33), rgb(0x855300), rgb(0x0b5cad), rgb(0x7a3e9d), rgb(0x0d6b72), rgb(0x6a717c),
			rgb(0x59616c), rgb(0xc73a31), rgb(0x2b8041), rgb(0x946000), rgb(0x2a72c4), rgb(0x8d53b0), rgb(0x1a7c84), rgb(0xd5d8dd),
		},
	}
}

func rgb(v uint32) color.Color {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}
