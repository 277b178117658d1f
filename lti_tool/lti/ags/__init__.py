"""Assignment and Grade Services 2.0: the columns of a gradebook, scores into them and results out of them."""

from lti_tool.lti.ags.line_items import (
    GONE,
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    LineItem,
    WantedLineItem,
    delete_line_item,
    find_or_create_line_item,
    read_line_item,
    read_line_items,
    update_line_item,
)
from lti_tool.lti.ags.results import RESULT_SCOPE, Result, read_results
from lti_tool.lti.ags.scores import (
    SCORE_SCOPE,
    ActivityProgress,
    Delivery,
    GradingProgress,
    Score,
    scores_url,
    send_score,
)

__all__ = [
    "GONE",
    "LINE_ITEM_READ_SCOPE",
    "LINE_ITEM_SCOPE",
    "RESULT_SCOPE",
    "SCORE_SCOPE",
    "ActivityProgress",
    "Delivery",
    "GradingProgress",
    "LineItem",
    "Result",
    "Score",
    "WantedLineItem",
    "delete_line_item",
    "find_or_create_line_item",
    "read_line_item",
    "read_line_items",
    "read_results",
    "scores_url",
    "send_score",
    "update_line_item",
]
