"""A campus of six small learning platforms to launch from, for newcomers and for tests.

It plays the other side of LTI 1.3, so it shares nothing with the tool but the clock.
"""
