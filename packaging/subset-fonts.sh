#!/usr/bin/env bash
# Makes resources/fonts/*.ttf from Debian's packages; resources/fonts/README.md says why those.
# Use: subset-fonts.sh FOLDER_WITH_THE_UNPACKED_NOTO_TTF_FILES (pyftsubset of fonttools on PATH)
set -euo pipefail
source_folder=${1:?folder with the unpacked Noto .ttf files}
fonts=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../resources/fonts" && pwd)

subset() { # NAME UNICODES
    pyftsubset "$source_folder/$1.ttf" --unicodes="$2" --layout-features='*' --no-hinting \
        --name-IDs='*' --notdef-outline --no-recalc-timestamp --output-file="$fonts/$1.ttf"
}

# Latin with every extension our languages use, Greek (units), Cyrillic, punctuation and the
# bidirectional controls, superscripts, currency, letter-like signs.
sans='U+0000-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,U+2070-20CF,U+2100-214F,U+25CC,U+FB00-FB06,U+FEFF,U+FFFD'
for weight in Regular SemiBold; do
    subset "NotoSans-$weight" "$sans"
    subset "NotoSansArabic-$weight" '*'
    subset "NotoSansEthiopic-$weight" '*'
done
# Signs the windows and documents use that Noto Sans itself lacks.
subset NotoSansSymbols-Regular 'U+2190-2199,U+21A9,U+21AA,U+2690,U+2691,U+24D8'
subset NotoSansSymbols2-Regular 'U+2022,U+2610-2612,U+25A0,U+25A1,U+25AA,U+25B2,U+25B6,U+25B8,U+25BC,U+25BE,U+25C0,U+25C2,U+25CB,U+25CF,U+25D0,U+25D1,U+25EF,U+26A0,U+2709,U+270E,U+2713-2717,U+2715,U+2026,U+1F50A,U+1F512,U+1F513'
subset NotoSansMath-Regular 'U+2212,U+2248,U+2260,U+2264,U+2265,U+21B5,U+21BA,U+21BB'
