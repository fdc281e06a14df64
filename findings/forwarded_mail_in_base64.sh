#!/usr/bin/env bash
# Python's mail readers show an attached message/global letter in base64 as a letter with no headers and a body of base64.
#
# Surprise: RFC 6532 (section 3.5) allows base64 for message/global, the type of an attached letter whose headers are not
# ASCII; for message/rfc822 it is not allowed. Python's email package never decodes it. It parses the base64 as the attached
# letter, get_payload(decode=True) returns None, and the part lists no defect. imap-tools and mail-parser are built on that
# package: both append the base64 to the text of the outer letter and list no attachment. fast-mail-parser, which is not,
# returns the attached letter decoded. CPython issue 88826 reported it in 2021.
# Who is hurt: anyone who reads letters that were forwarded as attachments by systems with internationalized headers.
# Seen with Python 3.11.7, mail-parser 4.8.0, imap-tools 1.16.0, fast-mail-parser 0.10.0 on 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps \
  mail-parser==4.8.0 imap-tools==1.16.0 fast-mail-parser==0.10.0 >pip.log 2>&1 ||
  { echo "The packages could not be installed."; exit 2; }

cat > probe.py <<'PYTHON'
import base64
import email
import platform
import sys
from email import policy
from importlib.metadata import version

import fast_mail_parser
import mailparser
from imap_tools import MailMessage

INNER = """From: Jörg <jörg@example.org>
Subject: Hafen gesperrt
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Der Hafen ist bis Freitag gesperrt.
""".replace("\n", "\r\n").encode()
OUTER = """From: ann@example.org
To: news@example.org
Subject: Fwd: Hafen gesperrt
Date: Tue, 01 Dec 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/plain

See below.
--B
Content-Type: message/global
Content-Transfer-Encoding: base64

%s--B--
"""
ENCODED = base64.encodebytes(INNER).decode()
LETTER = (OUTER % ENCODED).replace("\n", "\r\n").encode()
START = ENCODED[:20]

part = email.message_from_bytes(LETTER, policy=policy.default).get_payload(1)
inner = part.get_payload(0)
by_mail_parser = mailparser.parse_from_bytes(LETTER)
by_imap_tools = MailMessage.from_bytes(LETTER)
by_fast = fast_mail_parser.parse_email(LETTER)
seen = {
    "email: subject of the attached letter": inner["subject"],
    "email: its body is base64": inner.get_payload().startswith(START),
    "email: get_payload(decode=True) of the part": part.get_payload(decode=True),
    "email: defects of the part": part.defects,
    "mail-parser: base64 within the body": START in by_mail_parser.body,
    "mail-parser: attachments": len(by_mail_parser.attachments),
    "imap-tools: base64 within the text": START in by_imap_tools.text,
    "imap-tools: attachments": len(by_imap_tools.attachments),
    "fast-mail-parser: text": [text.strip() for text in by_fast.text_plain],
    "fast-mail-parser: the attachment is the letter": bytes(by_fast.attachments[0].content) == INNER,
}
EXPECTED = {
    "email: subject of the attached letter": None,
    "email: its body is base64": True,
    "email: get_payload(decode=True) of the part": None,
    "email: defects of the part": [],
    "mail-parser: base64 within the body": True,
    "mail-parser: attachments": 0,
    "imap-tools: base64 within the text": True,
    "imap-tools: attachments": 0,
    "fast-mail-parser: text": ["See below."],
    "fast-mail-parser: the attachment is the letter": True,
}

names = ("mail-parser", "imap-tools", "fast-mail-parser")
print(f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names), sep=", ")
for what, value in seen.items():
    print(f"{what:50} {value!r}")
print(f"imap-tools: text {by_imap_tools.text[:60]!r}")
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
PYTHON
env/bin/python probe.py
