"""Every address, for everybody, with the answer that it gives: what is open, and to whom.

A row is a method, an address, if need be what is sent, and an answer for each of the columns. `in` leads to the sign-in
and back; numbers are statuses, 302 any other redirect. Orders, reports and views stand in capitals (`named`).
A new address needs its rows here: `test_access_table` asks for them, and holds that the answers are these.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from full_house import House

from jieban.people.models import Post

# Somebody with no account: a stranger, and a citizen who follows an order.
# With one: no post; the centre's; those of the unit that has the orders in hand, of one that helps with some, of one
# that has none of them.
COLUMNS = {
    "out": "stranger",
    "cit": "citizen",
    "job": "jobless",
    "ope": "operator",
    "dis": "dispatcher",
    "lia": "liaison",
    "han": "handler",
    "hea": "head",
    "hlp": "helper",
    "fli": "foreign liaison",
    "fha": "foreign handler",
    "fhe": "foreign head",
    "rev": "reviewer",
    "cal": "callback_agent",
    "sup": "supervisor",
    "lea": "leader",
    "ana": "analyst",
    "adm": "administrator",
}
# On the open pages: nobody, who filed on the web, who filed another one, who works in the house.
OPEN_COLUMNS = {
    "out": "stranger",
    "cit": "citizen",
    "oth": "another citizen",
    "dis": "dispatcher",
    "lia": "liaison",
}

OPEN = """
#                                                      out cit oth dis lia
GET  /                                                 200 200 200 200 200
POST /                                                 405 405 405 405 405
GET  /file/                                            200 200 200 200 200
POST /file/                                            422 422 422 422 422
GET  /file/done/                                       302 200 200 302 302
POST /file/done/                                       405 405 405 405 405
GET  /mailbox/BOX/                                     200 200 200 200 200
POST /mailbox/BOX/                                     422 422 422 422 422
GET  /mailbox/nobody/                                  404 404 404 404 404
GET  /my/                                              200 200 200 200 200
POST /my/                                              422 422 422 422 422
POST /my/ [number=OWN&proof=13900000001]               302 302 302 302 302
POST /my/ [number=OWN&proof=13900000009]               422 422 422 422 422
POST /my/ [number=NOSUCH&proof=13900000001]            422 422 422 422 422
GET  /my/leave/                                        405 405 405 405 405
POST /my/leave/                                        302 302 302 302 302
GET  /my/CITIZENS/                                     302 200 302 302 302
POST /my/CITIZENS/                                     405 405 405 405 405
GET  /my/OTHERS/                                       302 302 200 302 302
GET  /my/OWN/                                          302 302 302 302 302
GET  /my/NOSUCH/                                       302 302 302 302 302
GET  /my/CITIZENS/urge/                                405 405 405 405 405
POST /my/CITIZENS/urge/                                302 302 302 302 302
POST /my/CITIZENS/rate/                                302 422 302 302 302
POST /my/CITIZENS/supplement/                          302 422 302 302 302
POST /my/CITIZENS/photos/                              302 422 302 302 302
POST /my/CITIZENS/withdraw/                            302 422 302 302 302
GET  /my/CITIZENS/photos/99/                           302 404 302 302 302
POST /my/CITIZENS/photos/99/                           405 405 405 405 405
POST /my/CITIZENS/nonsense/                            302 404 404 302 302
POST /my/OTHERS/rate/                                  302 302 422 302 302
GET  /answers/                                         200 200 200 200 200
POST /answers/                                         405 405 405 405 405
GET  /answers/?page=9                                  404 404 404 404 404
GET  /guides/                                          200 200 200 200 200
POST /guides/                                          405 405 405 405 405
GET  /guides/?page=9                                   404 404 404 404 404
GET  /guides/ARTICLE/                                  200 200 200 200 200
POST /guides/ARTICLE/                                  405 405 405 405 405
GET  /guides/WAITING/                                  404 404 404 404 404
GET  /guides/like/                                     405 405 405 405 405
POST /guides/like/                                     200 200 200 200 200
GET  /reports/                                         200 200 200 200 200
POST /reports/                                         405 405 405 405 405
GET  /reports/feed.xml                                 200 200 200 200 200
POST /reports/feed.xml                                 405 405 405 405 405
GET  /reports/2025-04/                                 200 200 200 200 200
POST /reports/2025-04/                                 405 405 405 405 405
GET  /reports/2025-05/                                 404 404 404 404 404
GET  /reports/2025-04/1/                               200 200 200 200 200
POST /reports/2025-04/1/                               405 405 405 405 405
GET  /reports/2025-04/2/                               404 404 404 404 404
GET  /reports/2025-04/1/html/                          200 200 200 200 200
POST /reports/2025-04/1/html/                          405 405 405 405 405
GET  /reports/2025-04/1/exe/                           404 404 404 404 404
GET  /nowhere/                                         404 404 404 404 404
"""

ORDERS = """
#                                     out cit job ope dis lia han hea hlp fli fha fhe rev cal sup lea ana adm
GET  /desk/                           in  in  200 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST /desk/                           405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/orders/OWN/                in  in  404 200 200 200 200 200 200 404 404 404 200 200 200 404 404 404
POST /desk/orders/OWN/                405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/orders/SEALED/             in  in  404 200 200 200 200 200 404 404 404 404 200 200 200 404 404 404
GET  /desk/orders/NEW/                in  in  404 200 200 404 404 404 404 404 404 404 200 200 200 404 404 404
GET  /desk/orders/FOREIGN/            in  in  404 200 200 404 404 404 404 200 200 200 200 200 200 404 404 404
GET  /desk/orders/MERGED/             in  in  404 200 200 404 404 404 404 404 404 404 200 200 200 404 404 404
GET  /desk/orders/CITIZENS/           in  in  404 200 200 404 404 404 404 404 404 404 200 200 200 404 404 404
GET  /desk/orders/NOSUCH/             in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/orders/OWN/contact/        in  in  404 200 200 200 200 403 200 404 404 404 200 200 403 404 404 404
POST /desk/orders/OWN/contact/        in  in  404 422 422 422 422 403 422 404 404 404 422 422 403 404 404 404
POST /desk/orders/OWN/contact/ [purpose=handle]
                                      in  in  404 200 200 200 200 403 200 404 404 404 200 200 403 404 404 404
POST /desk/orders/SEALED/contact/ [purpose=handle]
                                      in  in  404 200 200 403 403 403 404 404 404 404 200 200 403 404 404 404
POST /desk/orders/NAMELESS/contact/ [purpose=handle]
                                      in  in  404 422 422 422 422 403 404 404 404 404 422 422 403 404 404 404
POST /desk/orders/HANDLED/contact/ [purpose=handle]
                                      in  in  404 200 200 409 409 403 404 404 404 404 200 200 403 404 404 404
GET  /desk/orders/OWN/attach/         in  in  404 200 404 403 403 404 403 404 404 404 404 200 404 404 404 404
GET  /desk/orders/OWN/attach/?handling=1
                                      in  in  404 200 404 200 200 404 404 404 404 404 404 200 404 404 404 404
POST /desk/orders/OWN/attach/ [handling=1&kind=document]
                                      in  in  404 422 404 422 422 404 404 404 404 404 404 422 404 404 404 404
GET  /desk/orders/OWN/evidence/1/     in  in  404 200 200 200 200 200 404 404 404 404 200 200 200 404 404 404
POST /desk/orders/OWN/evidence/1/     405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/orders/OWN/evidence/3/     in  in  404 200 200 200 200 200 200 404 404 404 200 200 200 404 404 404
GET  /desk/orders/OWN/evidence/4/     in  in  404 200 200 200 200 200 200 404 404 404 200 200 200 404 404 404
GET  /desk/orders/OWN/evidence/99/    in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/orders/OWN/evidence/1/withdraw/
                                      in  in  404 403 404 200 200 200 404 404 404 404 404 403 404 404 404 404
GET  /desk/orders/OWN/evidence/3/withdraw/
                                      in  in  404 200 404 403 403 403 403 404 404 404 404 200 404 404 404 404
GET  /desk/orders/OWN/evidence/99/withdraw/
                                      in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/orders/REPLIED/evidence/1/withdraw/
                                      in  in  404 403 404 200 200 200 404 404 404 404 404 403 404 404 404 404
POST /desk/orders/OWN/evidence/1/withdraw/
                                      in  in  404 403 404 422 422 422 404 404 404 404 404 403 404 404 404 404
POST /desk/orders/OWN/evidence/1/withdraw/ [reason=wrong]
                                      in  in  404 403 404 302 302 302 404 404 404 404 404 403 404 404 404 404
GET  /desk/orders/SEALED/evidence/1/  in  in  404 200 200 200 200 200 404 404 404 404 200 200 200 404 404 404
GET  /desk/orders/SEALED/evidence/2/  in  in  404 200 200 404 404 404 404 404 404 404 200 200 200 404 404 404
GET  /desk/orders/OWN/attach/?handling=2
                                      in  in  404 200 404 404 404 404 200 404 404 404 404 200 404 404 404 404
GET  /desk/orders/FOREIGN/attach/?handling=1
                                      in  in  404 200 404 404 404 404 404 200 200 404 404 200 404 404 404 404
GET  /desk/orders/FOREIGN/contact/    in  in  404 200 200 404 404 404 404 200 200 403 200 200 403 404 404 404
GET  /desk/unit/FOREIGN/              in  in  403 403 403 404 404 404 404 200 200 200 403 403 403 403 403 403
GET  /desk/unit/OWN/scene/?handling=2 in  in  403 403 403 404 404 404 200 404 404 404 403 403 403 403 403 403
GET  /desk/unit/FOREIGN/scene/?handling=1
                                      in  in  403 403 403 404 404 404 404 200 200 404 403 403 403 403 403 403
GET  /desk/search/FOREIGN/            in  in  403 200 200 404 404 404 404 200 200 200 200 200 200 403 403 403
GET  /desk/orders/OWN/do/sign/        in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/orders/OWN/do/split/       in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/orders/OWN/do/nonsense/    in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
"""

ACTS = """
# `yes`: its form opens, and what is sent without being filled in comes to what stands behind the order; where it isn't
# the act's time, what its form answers stands before that.
#                                     out cit job ope dis lia han hea hlp fli fha fhe rev cal sup lea ana adm
classify NEW 422                      in  in  404 yes yes 404 404 404 404 404 404 404 403 403 403 404 404 404
answer NEW 422                        in  in  404 yes yes 404 404 404 404 404 404 404 403 403 403 404 404 404
refuse NEW 422                        in  in  404 yes yes 404 404 404 404 404 404 404 403 403 403 404 404 404
dispatch NEW 422                      in  in  404 403 yes 404 404 404 404 404 404 404 403 403 403 404 404 404
dispatch OWN 409/422                  in  in  404 403 yes 403 403 403 403 404 404 404 403 403 403 404 404 404
add_unit OWN 422                      in  in  404 403 yes 403 403 403 403 404 404 404 403 403 403 404 404 404
remove_unit OWN/2 422                 in  in  404 403 yes 403 403 403 403 404 404 404 403 403 403 404 404 404
recall OWN 422                        in  in  404 403 yes 403 403 403 403 404 404 404 403 403 403 404 404 404
sign SENT/1 302                       in  in  404 403 403 yes yes yes 403 404 404 404 403 403 403 404 404 404
sign SENT/2 302                       in  in  404 403 403 403 403 403 yes 404 404 404 403 403 403 404 404 404
sign SENT/9 302                       in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
sign OWN/1 409/409                    in  in  404 403 403 yes yes yes 403 404 404 404 403 403 403 404 404 404
assign OWN/1 422                      in  in  404 403 403 yes 403 yes 404 404 404 404 403 403 403 404 404 404
ask_return OWN/1 422                  in  in  404 403 403 yes 403 yes 403 404 404 404 403 403 403 404 404 404
decide_return RETURN/1 422            in  in  404 403 yes 403 403 403 404 404 404 404 403 403 403 404 404 404
ask_extension OWN/1 422               in  in  404 403 403 yes 403 yes 403 404 404 404 403 403 403 404 404 404
decide_extension EXTENSION/1 422      in  in  404 403 yes 403 403 403 404 404 404 404 403 403 yes 404 404 404
pause OWN/1 422                       in  in  404 403 403 yes yes 403 403 404 404 404 403 403 403 404 404 404
resume PAUSED/1 302                   in  in  404 403 yes yes yes 403 404 404 404 404 403 403 403 404 404 404
report_progress OWN/1 422             in  in  404 403 403 yes yes 403 403 404 404 404 403 403 403 404 404 404
reply OWN/1 422                       in  in  404 403 403 yes yes 403 403 404 404 404 403 403 403 404 404 404
reply FOREIGN/1 422                   in  in  404 403 403 404 404 404 404 yes yes 403 403 403 403 404 404 404
withdraw_reply REPLIED/1 422          in  in  404 403 403 yes yes yes 404 404 404 404 403 403 403 404 404 404
declare_unreasonable OWN/1 422        in  in  404 403 403 yes yes 403 403 404 404 404 403 403 403 404 404 404
sign_as_head FILE/1 302               in  in  404 403 403 403 403 yes 404 404 404 404 403 403 403 404 404 404
decide_unreasonable UNREASONABLE/1 422
                                      in  in  404 403 403 403 403 403 404 404 404 404 yes 403 403 404 404 404
pass_review REPLIED/1 302             in  in  404 403 403 403 403 403 404 404 404 404 yes 403 403 404 404 404
reject_review REPLIED/1 422           in  in  404 403 403 403 403 403 404 404 404 404 yes 403 403 404 404 404
record_callback HANDLED 422           in  in  404 403 403 403 403 403 404 404 404 404 403 yes 403 404 404 404
close OWN 409/409                     in  in  404 403 403 403 403 403 403 404 404 404 yes yes 403 404 404 404
reopen CLOSED 422                     in  in  404 403 yes 403 403 403 404 404 404 404 403 yes yes 404 404 404
urge OWN 302                          in  in  404 yes yes 403 403 403 403 404 404 404 403 403 yes 404 404 404
supervise OWN 422                     in  in  404 403 403 403 403 403 403 404 404 404 403 403 yes 404 404 404
escalate OWN 422                      in  in  404 403 403 403 403 403 403 404 404 404 403 403 yes 404 404 404
merge NEW 422                         in  in  404 403 yes 404 404 404 404 404 404 404 403 403 403 404 404 404
unmerge MERGED 422                    in  in  404 403 yes 404 404 404 404 404 404 404 403 403 403 404 404 404
publish HANDLED 422                   in  in  404 403 403 403 403 403 404 404 404 404 yes 403 403 404 404 404
correct OWN 422                       in  in  404 403 yes 403 403 403 403 404 404 404 yes 403 403 404 404 404
link_repeat NEW 422                   in  in  404 yes yes 404 404 404 404 404 404 404 403 403 403 404 404 404
unlink_repeat NEW 422                 in  in  404 yes yes 404 404 404 404 404 404 404 yes 403 403 404 404 404
correct_callback UNHAPPY 422          in  in  404 403 403 403 403 403 404 404 404 404 yes 403 403 404 404 404
archive CLOSED 302                    in  in  404 403 403 403 403 403 404 404 404 404 yes 403 403 404 404 404
"""

CENTRE = """
#                                     out cit job ope dis lia han hea hlp fli fha fhe rev cal sup lea ana adm
GET  /desk/intake/                    in  in  403 200 403 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/intake/                    in  in  403 422 403 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/intake/caller/             in  in  403 405 403 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/intake/caller/             in  in  403 200 403 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/intake/nonsense/           in  in  403 404 403 403 403 403 403 403 403 403 403 403 403 403 403 403

GET  /desk/dispatch/                  in  in  403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/dispatch/                  405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/dispatch/?queue=nonsense   in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/?page=0           in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/bulk/             in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/bulk/?act=dispatch&pick=NEW
                                      in  in  403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/dispatch/bulk/ [act=dispatch&pick=NEW]
                                      in  in  403 403 422 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/bulk/?act=reply   in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/NEW/              in  in  403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/dispatch/NEW/              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/dispatch/NOSUCH/           in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/NEW/split/        in  in  403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/dispatch/NEW/split/        in  in  403 403 422 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/NOSUCH/split/     in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/dispatch/NEW/merge/        in  in  403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/dispatch/NEW/merge/        in  in  403 403 422 403 403 403 403 403 403 403 403 403 403 403 403 403
POST /desk/dispatch/NEW/merge/ [into=NOSUCH&reason=x]
                                      in  in  403 403 404 403 403 403 403 403 403 403 403 403 403 403 403 403

GET  /desk/unit/                      in  in  403 403 403 200 200 200 200 200 200 200 403 403 403 403 403 403
POST /desk/unit/                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/unit/OWN/                  in  in  403 403 403 200 200 200 200 404 404 404 403 403 403 403 403 403
POST /desk/unit/OWN/                  405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/unit/SEALED/               in  in  403 403 403 200 200 200 404 404 404 404 403 403 403 403 403 403
GET  /desk/unit/?queue=to_sign        in  in  403 403 403 404 404 200 404 404 404 200 403 403 403 403 403 403
GET  /desk/unit/OWN/scene/            in  in  403 403 403 404 404 404 404 404 404 404 403 403 403 403 403 403
GET  /desk/unit/OWN/scene/?handling=1 in  in  403 403 403 200 200 404 404 404 404 404 403 403 403 403 403 403
POST /desk/unit/OWN/scene/            405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405

GET  /desk/review/                    in  in  403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403
POST /desk/review/                    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/review/REPLIED/            in  in  403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403
POST /desk/review/REPLIED/            405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405

GET  /desk/callback/                  in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403
POST /desk/callback/                  405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/callback/bulk/?act=close   in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403
POST /desk/callback/bulk/ [act=close] in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403
GET  /desk/callback/HANDLED/          in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403
POST /desk/callback/HANDLED/          405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405

GET  /desk/supervision/               in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /desk/supervision/               405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/supervision/?unit=nonsense in  in  403 403 403 403 403 403 403 403 403 403 403 403 404 403 403 403
GET  /desk/supervision/bulk/?act=urge in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /desk/supervision/bulk/ [act=urge]
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET  /desk/supervision/units/         in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /desk/supervision/units/         405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/supervision/ledger/?unit=LEAD
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /desk/supervision/ledger/        405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/supervision/hot/           in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /desk/supervision/hot/           405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/supervision/hot/orders/?of=OWN
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET  /desk/supervision/hot/orders/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 404 403 403 403
POST /desk/supervision/hot/orders/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/supervision/LATE/          in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /desk/supervision/LATE/          405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405

GET  /desk/search/                    in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 403
POST /desk/search/                    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/search/?after=nonsense     in  in  403 404 404 404 404 404 404 404 404 404 404 404 404 403 403 403
GET  /desk/search/list.xlsx           in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 403
POST /desk/search/list.xlsx           405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/search/views/              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/search/views/ [name=x]     in  in  403 302 302 302 302 302 302 302 302 302 302 302 302 403 403 403
GET  /desk/search/views/DISVIEW/forget/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/search/views/DISVIEW/forget/
                                      in  in  403 404 302 404 404 404 404 404 404 404 404 404 404 403 403 403
POST /desk/search/views/LIAVIEW/forget/
                                      in  in  403 404 404 302 404 404 404 404 404 404 404 404 404 403 403 403
GET  /desk/search/OWN/                in  in  403 200 200 200 200 200 200 404 404 404 200 200 200 403 403 403
POST /desk/search/OWN/                405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405

GET  /desk/live/                      in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  /desk/live/?open=OWN&seen=0      in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /desk/live/                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/lists/                     in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /desk/lists/                     in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/lists/export/              in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /desk/lists/export/              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/lists/export/?kind=queue&desk=dispatch&queue=new
                                      in  in  403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 403
GET  /desk/lists/export/?kind=queue&desk=callback&queue=handled
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403
GET  /desk/lists/export/?kind=queue&desk=review&queue=replies
                                      in  in  403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403
GET  /desk/lists/export/?kind=queue&desk=unit&queue=late
                                      in  in  403 403 403 200 200 200 200 200 200 200 403 403 403 403 403 403
GET  /desk/lists/export/?kind=queue&desk=review&queue=nonsense
                                      in  in  403 403 403 403 403 403 403 403 403 403 404 403 403 403 403 403
GET  /desk/lists/export/?kind=hot&of=1
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET  /desk/lists/export/?kind=ledger&unit=nowhere
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 404 403 403 403
GET  /desk/lists/export/?kind=month&period=2025-04&of=nonsense
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 404 403 403 403
GET  /desk/lists/1.xlsx               in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /desk/lists/1.xlsx               405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/lists/1/cancel/            405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/lists/1/cancel/            in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  /desk/lists/1/again/             405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/lists/1/again/             in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
"""

KNOWLEDGE = """
#                                     out cit job ope dis lia han hea hlp fli fha fhe rev cal sup lea ana adm
GET  /desk/knowledge/                 in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 200
POST /desk/knowledge/                 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/knowledge/?queue=review    in  in  403 404 404 404 404 200 404 404 404 200 200 404 404 403 403 200
GET  /desk/knowledge/?queue=due       in  in  403 404 404 200 200 200 200 200 200 200 200 404 404 403 403 200
GET  /desk/knowledge/?queue=drafts    in  in  403 200 200 200 200 200 200 200 200 200 200 404 404 403 403 200
GET  /desk/knowledge/?queue=nonsense  in  in  403 404 404 404 404 404 404 404 404 404 404 404 404 403 403 404
GET  /desk/knowledge/new/             in  in  403 200 200 200 200 200 200 200 200 200 200 403 403 403 403 200
POST /desk/knowledge/new/             in  in  403 422 422 422 422 422 422 422 422 422 422 403 403 403 403 422
GET  /desk/knowledge/publish/         405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/knowledge/publish/         in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 200
GET  /desk/knowledge/preview/         405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/knowledge/preview/         in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 200
GET  /desk/knowledge/files/           in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/knowledge/files/           in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/knowledge/files/export.toml
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/knowledge/files/export.toml
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/knowledge/offers/OWN/      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/knowledge/offers/OWN/      in  in  403 200 200 200 200 200 200 404 404 404 200 200 200 403 403 404
POST /desk/knowledge/offers/NOSUCH/   in  in  403 404 404 404 404 404 404 404 404 404 404 404 404 403 403 404
GET  /desk/knowledge/ARTICLE/         in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 200
POST /desk/knowledge/ARTICLE/         405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/knowledge/WAITING/         in  in  403 200 200 200 200 200 404 404 404 404 200 404 404 403 403 200
GET  /desk/knowledge/99/              in  in  403 404 404 404 404 404 404 404 404 404 404 404 404 403 403 404
GET  /desk/knowledge/ARTICLE/edit/    in  in  403 200 200 200 200 200 403 403 403 403 200 403 403 403 403 200
POST /desk/knowledge/ARTICLE/edit/    in  in  403 422 422 422 422 422 403 403 403 403 422 403 403 403 403 422
GET  /desk/knowledge/WAITING/edit/    in  in  403 200 200 200 200 200 404 404 404 404 200 404 404 403 403 200
GET  /desk/knowledge/ARTICLE/used/    in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 200
POST /desk/knowledge/ARTICLE/used/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/knowledge/ARTICLE/versions/1/
                                      in  in  403 200 200 200 200 200 200 200 200 200 200 200 200 403 403 200
POST /desk/knowledge/ARTICLE/versions/1/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/knowledge/ARTICLE/versions/9/
                                      in  in  403 404 404 404 404 404 404 404 404 404 404 404 404 403 403 404
GET  /desk/knowledge/WAITING/versions/1/
                                      in  in  403 200 200 200 200 200 404 404 404 404 200 404 404 403 403 200
GET  /desk/knowledge/ARTICLE/do/submit/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/knowledge/ARTICLE/do/submit/
                                      in  in  403 409 409 409 409 409 403 403 403 403 409 403 403 403 403 409
POST /desk/knowledge/ARTICLE/do/withdraw/ [remark=x]
                                      in  in  403 403 403 302 403 302 403 403 403 403 302 403 403 403 403 302
POST /desk/knowledge/ARTICLE/do/confirm/ [until=2025-09-01]
                                      in  in  403 403 403 302 403 302 403 403 403 403 403 403 403 403 403 403
POST /desk/knowledge/ARTICLE/do/object/ [remark=x]
                                      in  in  403 302 302 302 302 302 302 302 302 302 302 302 302 403 403 302
POST /desk/knowledge/ARTICLE/do/settle/ [objection=OBJECTION&remark=x]
                                      in  in  403 403 403 302 302 302 403 403 403 403 302 403 403 403 403 302
POST /desk/knowledge/WAITING/do/publish/ [seen=1]
                                      in  in  403 403 403 403 403 302 404 404 404 404 302 404 404 403 403 302
POST /desk/knowledge/WAITING/do/return/ [seen=1]
                                      in  in  403 403 403 403 403 422 404 404 404 404 422 404 404 403 403 422
POST /desk/knowledge/WAITING/do/discard/
                                      in  in  403 302 302 302 302 302 404 404 404 404 302 404 404 403 403 302
POST /desk/knowledge/ARTICLE/do/nonsense/
                                      in  in  403 404 404 404 404 404 404 404 404 404 404 404 404 403 403 404
"""

FIGURES = """
#                                     out cit job ope dis lia han hea hlp fli fha fhe rev cal sup lea ana adm
GET  /desk/month/                     in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 200 200 403
POST /desk/month/                     405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/month/?period=2025-04      in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 200 200 403
GET  /desk/month/?period=nonsense     in  in  403 403 403 403 403 403 403 403 403 403 403 403 404 404 404 403
GET  /desk/month/wall/                in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 200 200 403
POST /desk/month/wall/                405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/month/orders/?period=2025-04&of=orders.total
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET  /desk/month/orders/              in  in  403 403 403 403 403 403 403 403 403 403 403 403 404 403 403 403
POST /desk/month/orders/              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/month/count/               405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/month/count/ [period=2025-04]
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 302 403 302 403

GET  /desk/studio/                    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 403
POST /desk/studio/                    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/studio/new/                405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/studio/new/ [period=2025-03]
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 302 403
POST /desk/studio/new/ [period=2025-04]
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 422 403
GET  /desk/studio/files/FILEKEY/      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 403
POST /desk/studio/files/FILEKEY/      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/studio/files/99/           in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 404 404 403
GET  /desk/studio/DRAFT/              in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 403
POST /desk/studio/DRAFT/              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/studio/OVER/               in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 403
GET  /desk/studio/99/                 in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 404 404 403
GET  /desk/studio/DRAFT/pages/public/ in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 403
POST /desk/studio/DRAFT/pages/public/ 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/studio/DRAFT/pages/secret/ in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 404 404 403
GET  /desk/studio/DRAFT/wording/      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/studio/DRAFT/wording/      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 404 403
POST /desk/studio/DRAFT/wording/ [base=9]
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
GET  /desk/studio/DRAFT/wording.toml  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 200 200 403
POST /desk/studio/DRAFT/wording.toml  405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/studio/DRAFT/withdraw/     405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/studio/DRAFT/withdraw/     in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 404 404 403
POST /desk/studio/OVER/withdraw/      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 422 422 403
GET  /desk/studio/DRAFT/do/propose/   405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/studio/DRAFT/do/propose/   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 302 403
POST /desk/studio/DRAFT/do/approve/   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 422 422 403
POST /desk/studio/DRAFT/do/return/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 422 422 403
POST /desk/studio/DRAFT/do/publish/   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 422 403
POST /desk/studio/DRAFT/do/freeze/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 302 403
POST /desk/studio/DRAFT/do/discard/   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 302 403
POST /desk/studio/DRAFT/do/again/     in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 302 403
POST /desk/studio/DRAFT/do/nonsense/  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 404 404 403
"""

ADMINISTRATION = """
#                                     out cit job ope dis lia han hea hlp fli fha fhe rev cal sup lea ana adm
GET  /desk/administration/            in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/            405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/add/        in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/add/        in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
POST /desk/administration/add/ [username=neu&display_name=x]
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
GET  /desk/administration/people/operator/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/people/operator/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/people/nobody/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/people/operator/switch/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/administration/people/operator/switch/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 302
POST /desk/administration/people/administrator/switch/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/people/operator/password/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/administration/people/operator/password/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
GET  /desk/administration/people/operator/second-step/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/administration/people/operator/second-step/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 302
GET  /desk/administration/people/operator/posts/POST/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/people/operator/posts/POST/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/people/leader/posts/POST/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/changes/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/changes/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/units/      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/units/      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/topics/     in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/     405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/deadlines/  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/deadlines/  405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/calendar/   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/calendar/   405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/calendar/?year=1999
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/templates/  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/templates/  405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/profile/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/profile/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/profile/files/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/profile/files/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/units/new/  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/units/new/  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/units/housing/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/units/housing/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/units/housing/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/units/housing/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/units/housing/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/units/housing/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/property-management/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/property-management/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/property-management/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/property-management/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/topics/order/housing/property-management/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/topics/order/housing/property-management/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/deadlines/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/deadlines/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/deadlines/extension/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/deadlines/extension/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/deadlines/rules/close-normal/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/deadlines/rules/close-normal/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/deadlines/rules/close-normal/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/deadlines/rules/close-normal/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/calendar/days/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/calendar/days/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/calendar/hours/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/calendar/hours/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/templates/returns/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/templates/returns/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/templates/reply/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/templates/reply/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/templates/reply/items/done/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/templates/reply/items/done/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/streets/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/streets/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/doors/      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/doors/      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/reports/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/reports/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/communities/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/communities/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/wording/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/wording/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/streets/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/streets/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/streets/ningbian-road/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/streets/ningbian-road/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/streets/ningbian-road/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/streets/ningbian-road/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/streets/ningbian-road/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/streets/ningbian-road/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/types/complaint/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/types/complaint/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/channels/phone/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/channels/phone/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/mailboxes/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/mailboxes/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/communities/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/communities/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/communities/652301001001/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/communities/652301001001/end/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/wording/opening.total/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/wording/opening.total/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/templates/policies/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/templates/policies/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/templates/recommendations/items/slow/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/templates/recommendations/items/slow/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 422
GET  /desk/administration/streets/none/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/communities/652301001001/rename/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/wording/none/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/wording/?of=none
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/communities/?street=none
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/units/none/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/topics/none/new/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/deadlines/rules/none/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/templates/none/edit/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/city/99/    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
GET  /desk/administration/city/       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200
POST /desk/administration/city/       405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/administration/city/99/    405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  /desk/administration/city/99/decide/
                                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
POST /desk/administration/city/99/decide/
                                      in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 404
"""

SIGN_IN = """
#                                          out job ope han adm
GET  /account/login/                       200 302 302 302 302
POST /account/login/                       200 302 302 302 302
GET  /account/logout/                      302 200 200 200 200
POST /account/logout/                      302 302 302 302 302
GET  /account/inactive/                    200 200 200 200 200
POST /account/inactive/                    405 405 405 405 405
GET  /account/reauthenticate/              in  200 200 200 200
POST /account/reauthenticate/              in  200 200 200 200
GET  /account/password/change/             in  200 200 200 200
POST /account/password/change/             in  200 200 200 200
GET  /account/2fa/                         in  200 200 200 200
POST /account/2fa/                         in  405 405 405 405
GET  /account/2fa/authenticate/            302 302 302 302 302
POST /account/2fa/authenticate/            302 302 302 302 302
GET  /account/2fa/reauthenticate/          in  302 302 302 302
POST /account/2fa/reauthenticate/          in  302 302 302 302
GET  /account/2fa/totp/activate/           in  302 302 302 302
POST /account/2fa/totp/activate/           in  302 302 302 302
GET  /account/2fa/totp/deactivate/         in  404 404 404 404
POST /account/2fa/totp/deactivate/         in  404 404 404 404
GET  /account/2fa/recovery-codes/          in  404 404 404 404
POST /account/2fa/recovery-codes/          in  405 405 405 405
GET  /account/2fa/recovery-codes/generate/ in  302 302 302 302
POST /account/2fa/recovery-codes/generate/ in  302 302 302 302
GET  /account/2fa/recovery-codes/download/ in  404 404 404 404
POST /account/2fa/recovery-codes/download/ in  404 404 404 404
GET  /account/sessions/                    in  200 200 200 200
POST /account/sessions/                    in  302 302 302 302
"""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A request by somebody, and its answer."""

    method: str
    path: str
    sent: str
    who: str
    answer: str


def _rows(text: str) -> Iterator[list[str]]:
    """The words of each row: a row may go on below."""
    row: list[str] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            if row:
                yield row
            row = []
        row += line.split()
    yield row


def _cells(text: str, columns: Mapping[str, str]) -> Iterator[Cell]:
    for row in _rows(text):
        method, path, *rest = row
        sent = rest.pop(0)[1:-1] if rest[0].startswith("[") else ""
        for who, answer in zip(columns.values(), rest, strict=True):
            yield Cell(method=method, path=path, sent=sent, who=who, answer=answer)


def _acts() -> Iterator[Cell]:
    for act, place, sent_empty, *answers in _rows(ACTS):
        order, _, serial = place.partition("/")
        path, handling = f"/desk/orders/{order}/do/{act}/", f"handling={serial}" if serial else ""
        for who, answer in zip(COLUMNS.values(), answers, strict=True):
            opened, _, sent = sent_empty.rpartition("/")
            opens, does = (opened or "200", sent) if answer == "yes" else (answer, answer)
            yield Cell(method="GET", path=f"{path}?{handling}", sent="", who=who, answer=opens)
            yield Cell(method="POST", path=path, sent=handling, who=who, answer=does)


IN_COLUMNS = {each: COLUMNS[each] for each in ("out", "job", "ope", "han", "adm")}
TABLE = {
    "open": tuple(_cells(OPEN, OPEN_COLUMNS)),
    "orders": tuple(_cells(ORDERS, COLUMNS)),
    "acts": tuple(_acts()),
    "centre": tuple(_cells(CENTRE, COLUMNS)),
    "knowledge": tuple(_cells(KNOWLEDGE, COLUMNS)),
    "figures": tuple(_cells(FIGURES, COLUMNS)),
    "administration": tuple(_cells(ADMINISTRATION, COLUMNS)),
    "sign-in": tuple(_cells(SIGN_IN, IN_COLUMNS)),
}


def rows_of_acts() -> tuple[str, ...]:
    """The acts that have rows."""
    return tuple(row[0] for row in _rows(ACTS))


def all_cells() -> Iterator[Cell]:
    """The whole table."""
    for cells in TABLE.values():
        yield from cells


def names_of(house: House) -> dict[str, str]:
    """What the capitals of the table mean in this house."""
    return {
        **{name.upper().replace(" ", ""): number for name, number in house.orders.items()},
        "NOSUCH": "20250000000001",
        "FILE": house.orders["unsigned file"],
        "CITIZENS": house.orders["of citizen"],
        "OTHERS": house.orders["of another citizen"],
        "LEAD": house.lead,
        "BOX": next(iter(house.boxes), "none"),
        "DRAFT": str(house.reports["open"]),
        "OVER": str(house.reports["published"]),
        "FILEKEY": str(house.reports["version file"]),
        "DISVIEW": str(house.views["dispatcher"]),
        "LIAVIEW": str(house.views["liaison"]),
        "ARTICLE": str(house.articles["held"]),
        "WAITING": str(house.articles["waiting"]),
        "OBJECTION": str(house.articles["objection"]),
        "POST": str(Post.objects.get(account__username="operator").pk),
    }


def named(text: str, names: Mapping[str, str]) -> str:
    """A text of the table with what its capitals mean."""
    return re.sub(r"[A-Z]{2,}", lambda found: names[found.group()], text)


def route_of(path: str) -> str:
    """The pattern that an address of the table meets, whatever its capitals stand for."""
    plain = re.sub(r"[A-Z]{2,}", "7", urlsplit(path).path)
    try:
        return resolve(plain).route
    except Resolver404:
        return ""
