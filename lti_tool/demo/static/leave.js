// Without this script a click does the same.
document.querySelector("a[data-leave]").click();
