"""The words that the forms add to a report's own. Like the report they are Chinese, whatever the program speaks."""

TABLE = "表"
CHART = "图"
ANNEX = "附件"
HEADER = "发布信息"

# The web page
SKIP = "跳到正文"
CONTENTS = "目录"
SHOW_DATA = "查看数据"
SHOW_DETAIL = "查看明细"

# The workbook
FIRST_SHEET = "说明"
PERIOD = "统计期间"
TO = "至"
KIND = "类别"
SHEET = "工作表"
CONTENT = "内容"
BACK = "返回目录"
CONTINUED = "（续）"
PAGES = "第 &P 页，共 &N 页"

# Word's own styles, as they stand in its list
STYLE_TABLE_TEXT = "表格文字"
STYLE_TABLE_HEADING = "表格表头"
STYLE_TABLE_NOTE = "表注"
STYLE_NOTE = "说明"
STYLE_PICTURE = "插图"
STYLE_ANNEX_LABEL = "附件标记"
STYLE_ANNEX_TITLE = "附件标题"
