"""Well-known publishers: the name, what it is, and spellings that folding alone does not bring together.

Small on purpose: it joins abbreviations, scripts and web names of houses that many pages print. A name that is not
here is a publisher like any other.
"""

from __future__ import annotations

from typing import Final

# name, kind, other spellings separated by "|". Spellings that differ in case, accents, spaces or punctuation only need
# no entry.
_ENTRIES: Final = (
    # Agencies
    ("Associated Press", "agency", "AP|AP News|apnews.com|The AP"),
    ("Reuters", "agency", "Thomson Reuters|reuters.com"),
    ("Agence France-Presse", "agency", "AFP|AFP News|فرانس برس"),
    ("Press Association", "agency", "PA|PA Media|PA News|PA News Agency"),
    ("Deutsche Presse-Agentur", "agency", "dpa|dpa-infocom|dpa international"),
    ("Austria Presse Agentur", "agency", "APA (Austria)|Austria Press Agency"),
    ("Algemeen Nederlands Persbureau", "agency", "ANP"),
    ("Agenzia Nazionale Stampa Associata", "agency", "ANSA|ANSA.it"),
    ("EFE", "agency", "Agencia EFE|efe.com"),
    ("Europa Press", "agency", "europapress.es"),
    ("Agência Lusa", "agency", "Lusa"),
    ("TASS", "agency", "ТАСС|ITAR-TASS|ИТАР-ТАСС|tass.com|tass.ru"),
    ("RIA Novosti", "agency", "РИА Новости|ria.ru"),
    ("Interfax", "agency", "Интерфакс|interfax.ru"),
    ("Ukrinform", "agency", "Укрінформ|Укринформ"),
    ("Polska Agencja Prasowa", "agency", "PAP"),
    ("Anadolu Agency", "agency", "Anadolu|Anadolu Ajansı|AA (Anadolu)"),
    ("Xinhua", "agency", "Xinhua News Agency|新华社|新華社|新华网"),
    ("Kyodo News", "agency", "Kyodo|共同通信|共同通信社"),
    ("Jiji Press", "agency", "Jiji|時事通信|時事通信社"),
    ("Yonhap News Agency", "agency", "Yonhap|Yonhap News|연합뉴스"),
    ("Press Trust of India", "agency", "PTI"),
    ("Asian News International", "agency", "ANI|ANI News"),
    ("Indo-Asian News Service", "agency", "IANS"),
    ("United News of India", "agency", "UNI (India)"),
    ("Antara", "agency", "Antara News|antaranews.com"),
    ("Bernama", "agency", "bernama.com"),
    ("Canadian Press", "agency", "The Canadian Press|La Presse Canadienne"),
    ("Bloomberg", "agency", "Bloomberg News|bloomberg.com"),
    ("United Press International", "agency", "UPI"),
    # Aggregators
    ("Yahoo", "aggregator", "Yahoo News|Yahoo! News|Yahoo Finance|news.yahoo.com"),
    ("MSN", "aggregator", "MSN News|msn.com|Microsoft Start"),
    ("Google News", "aggregator", "news.google.com"),
    ("Apple News", "aggregator", ""),
    ("Daily8", "aggregator", "daily8.com"),
    ("inkl", "aggregator", "inkl.com"),
    ("NewsBreak", "aggregator", "newsbreak.com"),
    ("Flipboard", "aggregator", ""),
    ("SmartNews", "aggregator", ""),
    ("Dailyhunt", "aggregator", ""),
    ("Head Topics", "aggregator", "headtopics.com"),
    # Publishers
    ("BBC News", "publisher", "BBC|BBC.com|BBC.co.uk|bbc news online"),
    ("The Guardian", "publisher", "Guardian|theguardian.com|The Guardian UK"),
    ("The Independent", "publisher", "Independent|independent.co.uk"),
    ("The Telegraph", "publisher", "Daily Telegraph|The Daily Telegraph|telegraph.co.uk"),
    ("The Times", "publisher", "thetimes.co.uk|The Times of London|The Times (UK)"),
    ("Daily Mail", "publisher", "MailOnline|Mail Online|dailymail.co.uk"),
    ("Daily Mirror", "publisher", "The Mirror|mirror.co.uk"),
    ("The Sun", "publisher", "thesun.co.uk"),
    ("Daily Express", "publisher", "express.co.uk"),
    ("Sky News", "publisher", "news.sky.com"),
    ("ITV News", "publisher", "ITV|ITVX"),
    ("Financial Times", "publisher", "FT|ft.com"),
    ("The New York Times", "publisher", "NYT|NY Times|nytimes.com|The NYT"),
    ("The Washington Post", "publisher", "WaPo|washingtonpost.com"),
    ("The Wall Street Journal", "publisher", "WSJ|wsj.com"),
    ("New York Post", "publisher", "NY Post|nypost.com"),
    ("USA Today", "publisher", "usatoday.com"),
    ("Los Angeles Times", "publisher", "LA Times|latimes.com"),
    ("Fox News", "publisher", "foxnews.com|Fox News Digital"),
    ("CNN", "publisher", "cnn.com|CNN International|Cable News Network"),
    ("NBC News", "publisher", "NBC|nbcnews.com"),
    ("CBS News", "publisher", "CBS|cbsnews.com"),
    ("ABC News (US)", "publisher", "abcnews.go.com|ABC News US"),
    ("Australian Broadcasting Corporation", "publisher", "abc.net.au|ABC Australia|ABC News (Australia)"),
    ("NPR", "publisher", "National Public Radio|npr.org"),
    ("Newsweek", "publisher", "newsweek.com"),
    ("The Hill", "publisher", "thehill.com"),
    ("CBC News", "publisher", "CBC|cbc.ca"),
    ("Al Jazeera", "publisher", "Aljazeera English|aljazeera.com|الجزيرة"),
    ("Deutsche Welle", "publisher", "DW|DW News|dw.com"),
    ("France 24", "publisher", "france24.com"),
    ("RT", "publisher", "Russia Today|rt.com|RT на русском"),
    ("The Times of India", "publisher", "TOI|Time of India|timesofindia.com|timesofindia.indiatimes.com"),
    ("Hindustan Times", "publisher", "HT|hindustantimes.com"),
    ("The Hindu", "publisher", "thehindu.com"),
    ("The Indian Express", "publisher", "Indian Express|indianexpress.com"),
    ("The Economic Times", "publisher", "ET (India)|economictimes.com|economictimes.indiatimes.com"),
    ("India Today", "publisher", "indiatoday.in"),
    ("NDTV", "publisher", "ndtv.com|New Delhi Television"),
    ("Mint", "publisher", "Livemint|livemint.com"),
    ("South China Morning Post", "publisher", "SCMP|scmp.com"),
    ("The Straits Times", "publisher", "straitstimes.com"),
    ("Channel NewsAsia", "publisher", "channelnewsasia.com"),
    ("The Sydney Morning Herald", "publisher", "SMH|smh.com.au"),
    ("Frankfurter Allgemeine Zeitung", "publisher", "FAZ|F.A.Z.|faz.net"),
    ("Süddeutsche Zeitung", "publisher", "SZ|sueddeutsche.de"),
    ("Der Spiegel", "publisher", "Spiegel|Spiegel Online|spiegel.de"),
    ("Neue Zürcher Zeitung", "publisher", "NZZ|nzz.ch"),
    ("Le Monde", "publisher", "lemonde.fr"),
    ("Le Figaro", "publisher", "lefigaro.fr"),
    ("El País", "publisher", "elpais.com"),
    ("Corriere della Sera", "publisher", "Corriere|corriere.it"),
    ("NHK", "publisher", "NHK World|NHKニュース|nhk.or.jp"),
    ("The Asahi Shimbun", "publisher", "Asahi|朝日新聞|朝日新聞デジタル"),
    ("Nikkei", "publisher", "日本経済新聞|日経新聞|日経電子版|Nikkei Asia"),
)  # fmt: skip


def entries() -> tuple[list[str], list[str], list[str]]:
    """Spelling, name and kind, one of each a spelling, every name among its own spellings."""
    rows = [
        (spelling, name, kind)
        for name, kind, others in _ENTRIES
        for spelling in (name, *(other for other in others.split("|") if other))
    ]
    spellings, names, kinds = zip(*rows, strict=True)
    return list(spellings), list(names), list(kinds)
