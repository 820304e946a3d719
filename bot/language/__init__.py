"""The language the bot's own sentences are said in.

English needs no catalogue: the sentences in the source are it. Every other language is a `.po` file in `locale/`,
read as it is, so that there is nothing to compile. After a sentence was added or changed, run at the top level

    python -m babel.messages.frontend extract -F babel.cfg --sort-output --no-location -o /tmp/parley.pot .
    python -m babel.messages.frontend update -D parley -i /tmp/parley.pot -d bot/language/locale --no-wrap \
        --no-fuzzy-matching --ignore-obsolete --omit-header

and fill in what is empty then. A test names the sentences that a shipped language lacks or garbles.
A new language begins with an empty file `locale/LANGUAGE/LC_MESSAGES/parley.po` and the second command.
"""
