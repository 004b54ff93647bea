"""Kinds of files that aren't taken, by the ending of their name: why not, and what to do instead, a sentence each."""

from xinfang.attachments.filecheck.kinds import ACCEPTED_KINDS_TEXT

_SENTENCES = {
    "zip rar 7z gz tar tgz bz2 xz iso img dmg cab": "不接收压缩包和光盘映像，因为里面的内容不能逐份查看和检查。请先解压，再一次选中其中的全部文件上传。",
    "docm dotm xlsm xltm xlsb pptm ppsm potm": "不接收带宏的 Office 文件。请另存为不带宏的 docx、xlsx、pptx，或另存为 PDF 后再上传。",
    "dot dotx xlt xltx pot potx wpt ett dpt": "不接收模板。请用它新建文件，另存为 docx、xlsx、pptx 或 PDF 后再上传。",
    "htm html mht mhtml svg xml xhtml": "不接收网页和 SVG 图形，因为其中可以藏程序。请打印为 PDF 后再上传。",
    "rtf": "不接收 RTF 文件，因为其中可以嵌入程序。请另存为 docx 或 PDF 后再上传。",
    "odt ods odp pages numbers key": "不接收这种办公软件的文件，别人将来可能打不开。请另存为 docx、xlsx、pptx 或 PDF 后再上传。",
    "csv tsv": "不接收 CSV 表格，因为它不记录编码和格式，数字容易走样。请用 Excel 或 WPS 打开，另存为 xlsx 后再上传。",
    "md log json ini yaml": "不接收这种文本文件。请用记事本打开，另存为 txt 后再上传。",
    "ceb cebx gd sep caj xps oxps djvu epub": "不接收这种版式文件，别人将来可能打不开。请用它的阅读软件打开，打印或导出为 PDF 后再上传。",
    "psd ai cdr dwg dxf vsd vsdx": "不接收设计图的源文件，别人将来可能打不开。请用原来的程序导出为 PDF 或图片后再上传。",
    "dng cr2 cr3 nef arw raw jp2 j2k jxl": "不接收这种照片格式，多数电脑打不开。请在手机或电脑上导出为 JPEG 后再上传，并保留原件。",
    "mov": "不接收 MOV 录像。请在手机上导出为 MP4（“兼容性最佳”）后再上传。",
    "avi mkv wmv flv f4v webm rm rmvb mpg mpeg ts mts m2ts vob": (
        "不接收这种录像格式，别人将来可能打不开。请用播放或转换软件另存为 MP4 后再上传，并保留原件。"
    ),
    "ogg oga opus wma flac ape aif aiff silk slk aud caf": (
        "不接收这种录音格式，别人将来可能打不开。请转换为 MP3 或 M4A 后再上传，并保留原件。"
    ),
    "pst ost tnef dat": "不接收 Outlook 的整个邮箱和附件包。请在 Outlook 中打开其中的邮件，逐封另存为 msg 或 eml，或打印为 PDF 后再上传。",
    "ics vcf": "不接收日历和名片文件。请打开后打印为 PDF，或截图后再上传。",
    "exe bat cmd ps1 vbs js jar apk msi scr com dll sh hta wsf py pif": (
        "不接收程序。如果它是材料的一部分，请截图或写明情况；如果以为它是文件，请不要打开，并请来源方重新提供。"
    ),
    "lnk url website desktop": "这是快捷方式，不是文件本身。请打开它指向的文件或网页，找到文件本身再上传；网页请打印为 PDF。",
}
_BY_ENDING = {ending: said for endings, said in _SENTENCES.items() for ending in endings.split()}


def why_not(ending: str) -> str:
    """Return the sentence for a name with this ending (small letters, without a dot; empty where it has none)."""
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    said = f"扩展名 .{ending[:10]} 不在可以接收的范围内" if ending else "文件名没有扩展名，看不出是什么文件"
    return f"{said}。可以接收：{ACCEPTED_KINDS_TEXT}。"
