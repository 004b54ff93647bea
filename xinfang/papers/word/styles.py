"""The parts of a Word file that are the same for every paper: styles, numbers of headings, settings, fonts."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from xinfang.papers.word.paragraph_styles import (
    BODY_SIZE,
    CHAR,
    MADE,
    PITCH,
    PLAIN_PITCH,
    PLAIN_SIZE,
    SPREAD,
    STYLES,
    ParagraphStyle,
    WordFont,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Fonts = Mapping[str, str]
"""Other fonts by the name of the standard's: for machines (and tests) that have none of those."""


def font(face: WordFont, fonts: Fonts) -> str:
    """Write the font of every script. Western digits have the same font, as typewritten papers have them."""
    name = quoteattr(fonts.get(face.value[0], face.value[0]))
    return f'<w:rFonts w:hint="eastAsia" w:ascii={name} w:eastAsia={name} w:hAnsi={name} w:cs={name}/>'


def indents(*, first: int = 0, left: int = 0, right: int = 0, hanging: int = 0) -> str:
    """Write indents in hundredths of a character. Word goes by the characters, LibreOffice by the twips."""
    parts = []
    for name, value in (("left", left), ("right", right), ("hanging", hanging), ("firstLine", first)):
        if value:
            parts.append(f'w:{name}Chars="{value}" w:{name}="{round(value * CHAR / 100)}"')
    return f"<w:ind {' '.join(parts)}/>" if parts else ""


def styles_xml(fonts: Fonts, *, formal: bool, pitch: int) -> str:
    """Write styles.xml; `formal` for letters and documents, `pitch` from line to line of their text in twips.

    Widow control is off: the standard's page has 22 lines whatever paragraph they belong to.
    """
    rows = "".join(_style(style, fonts, formal, pitch) for style in STYLES)
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{font(WordFont.FANG, fonts)}'
        f'<w:sz w:val="{BODY_SIZE * 2:.0f}"/><w:szCs w:val="{BODY_SIZE * 2:.0f}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        f"{rows}"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultFont"><w:name w:val="Default Paragraph Font"/>'
        '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{MADE[0]}"><w:name w:val="{MADE[1]}"/>'
        '<w:basedOn w:val="DefaultFont"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="PlainTable"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style></w:styles>'
    )


def _style(style: ParagraphStyle, fonts: Fonts, formal: bool, text_pitch: int) -> str:
    normal = style.id == "Normal"
    built_in = normal or style.level
    plain = style.text and not formal
    size, pitch = (PLAIN_SIZE, PLAIN_PITCH) if plain else (style.size, text_pitch if style.text else style.pitch)
    before = text_pitch if style.before == PITCH and not plain else style.before
    paragraph = (
        f'{"<w:keepNext/>" if style.keep else ""}<w:widowControl w:val="0"/>'
        + (f'<w:numPr><w:ilvl w:val="{style.level - 1}"/><w:numId w:val="1"/></w:numPr>' if style.level else "")
        + '<w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        + f'<w:spacing w:before="{before}" w:after="{style.after}" w:line="{pitch}" w:lineRule="{style.rule}"/>'
        + indents(first=style.indent, left=style.left, right=style.right)
        + f'<w:jc w:val="{style.align}"/>'
        + (f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else "")
    )
    run = (
        font(style.face, fonts)
        + (f'<w:color w:val="{style.color}"/>' if style.color else "")
        + (f'<w:spacing w:val="{SPREAD}"/>' if style.text and formal else "")
        + f'<w:sz w:val="{size * 2:.0f}"/><w:szCs w:val="{size * 2:.0f}"/>'
    )
    return (
        f'<w:style w:type="paragraph"{" w:default=" + chr(34) + "1" + chr(34) if normal else ""}'
        f'{"" if built_in else " w:customStyle=" + chr(34) + "1" + chr(34)} w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/>'
        + ("" if normal else '<w:basedOn w:val="Normal"/>')
        + f'<w:next w:val="{style.next}"/>'
        + ("" if normal else '<w:uiPriority w:val="1"/>')
        + f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def numbering_xml() -> str:
    """Write numbering.xml: 一、（一） 1. （1） of 7.3.3, counted by Word.

    An editor who adds a heading types no number, and reading back sees none.
    """
    levels = (
        ("chineseCountingThousand", "%1、"),
        ("chineseCountingThousand", "（%2）"),
        ("decimal", "%3."),
        ("decimal", "（%4）"),
    )
    rows = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="Heading{place + 1}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f"<w:pPr>{indents(first=200)}</w:pPr></w:lvl>"
        for place, (kind, text) in enumerate(levels)
    )
    return (
        f'{HEAD}<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>'
        f'{rows}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


def settings_xml() -> str:
    """Write settings.xml.

    Odd and even pages differ (page numbers outside, 7.5); punctuation keeps its cell of the grid.
    """
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        f'<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="{CHAR * 2}"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/>"
        "<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>"
        "<w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def fonts_xml(fonts: Fonts) -> str:
    """Write the font table: a machine without the standard's fonts learns which to take instead."""
    rows = "".join(
        f"<w:font w:name={quoteattr(fonts.get(face.value[0], face.value[0]))}>"
        f'<w:altName w:val="{escape(face.value[1])}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for face in WordFont
    )
    return f'{HEAD}<w:fonts xmlns:w="{W}">{rows}</w:fonts>'
